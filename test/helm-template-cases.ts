/**
 * What Go's text/template makes of templates over `SHOP`: [template, output] and [template, stage of the error].
 * Every row was computed by Go itself with Helm's options (`missingkey=zero`, `<no value>` taken out).
 */

export const SHOP = {
  name: 'orders',
  replicas: 3,
  ratio: 1.5,
  bytes: 1000000,
  zero: 0,
  empty: '',
  yes: true,
  no: false,
  nil: null,
  list: ['a', 'b', 'c'],
  none: [],
  map: { b: 2, a: 1, c: { d: 'x' } },
  bare: {},
  ports: [
    { name: 'http', port: 80 },
    { name: 'admin', port: null },
  ],
  holes: [null, 1],
  umlaut: 'é日本😀',
};

export const OUTPUTS: readonly (readonly [template: string, output: string])[] = [
  // Text, comments, trim markers.
  ['', ''],
  ['plain { } }} {', 'plain { } }} {'],
  ['a  {{- 1 -}}  b', 'a1b'],
  ['a {{ 1 -}}   b', 'a 1b'],
  ['a\r\n\t {{- .name -}}\r\n b', 'aordersb'],
  ['a\u00a0{{- 1 }}', 'a\u00a01'],
  ['{{- -3}}', '-3'],
  ['{{-3}}', '-3'],
  ['x {{- /* c */ -}} y', 'xy'],
  ['x {{/* c */}} y', 'x  y'],
  ['{{/* x */ -}}   y', 'y'],
  ['{{ "}}" }}{{ `}}` }}', '}}}}'],
  ['{{\n  .name\n}}', 'orders'],
  ['{{ print 1\n2 }}', '1 2'],
  ['{{$x:=1}}{{$x}}', '1'],
  // Literals.
  ['{{"a\\tb\\"c\\\\\\u00e9\\x41\\101\\U0001F600"}}', 'a\tb"c\\éAA😀'],
  ['{{ "\\xc3\\xa9" }}', 'é'],
  ['{{`raw \\n "x"`}}{{ `a\r\nb` }}', 'raw \\n "x"a\nb'],
  ["{{ 'a' }} {{ '\\n' }} {{ '\\'' }} {{ '\\x41' }}", '97 10 39 65'],
  [
    '{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }} {{ -0 }} {{ +5 }}',
    '31 5 15 15 1000 0 5',
  ],
  ['{{ 1e3 }} {{ 1.50 }} {{ .5 }} {{ 1. }} {{ 0x1p4 }} {{ 1E-7 }}', '1000 1.5 0.5 1 16 1e-07'],
  ['{{ 9223372036854775807 }}', '9223372036854775807'],
  // Printing.
  [
    '{{.replicas}} {{.ratio}} {{.bytes}} {{.zero}} {{.yes}} {{.nil}}|{{.list}}|{{.map}}|{{.bare}}|{{.none}}|{{.missing}}',
    '3 1.5 1e+06 0 true |[a b c]|map[a:1 b:2 c:map[d:x]]|map[]|[]|',
  ],
  [
    '{{ print 123456789.0 }} {{ 100000.0 }} {{ 1e20 }} {{ 1e21 }} {{ 0.0001 }} {{ 0.00001 }}',
    '1.23456789e+08 100000 1e+20 1e+21 0.0001 1e-05',
  ],
  [
    '{{ print 1 2 "a" "b" 3 4.5 nil true }}|{{ println 1 "a" }}|{{ print "a" 1 2 "b" }}',
    '1 2ab3 4.5 <nil> true|1 a\n|a1 2b',
  ],
  [
    '{{ .holes }} {{ printf "%v" .ports }}',
    '[<nil> 1] [map[name:http port:80] map[name:admin port:<nil>]]',
  ],
  // Pipelines and functions.
  ['{{ "a" | printf "%s-%s" "b" }}', 'b-a'],
  ['{{ .name | len | printf "%d" }}', '6'],
  ['{{ print (print 1 2) (print "a") }}', '1 2a'],
  ['{{ 1 | }}', '1'],
  ['{{ ($x := 3) }}{{ $x }}', '33'],
  // printf.
  [
    '{{ printf "%d %s %v %q %t %x %T" 3 "a" 1.5 "q\\"" true "hi" 2 }}',
    '3 a 1.5 "q\\"" true 6869 int',
  ],
  [
    '{{ printf "%d" .replicas }} {{ printf "%s" .replicas }} {{ printf "%d" "x" }} {{ printf "%t" 1 }}',
    '%!d(float64=3) %!s(float64=3) %!d(string=x) %!t(int=1)',
  ],
  [
    '{{ printf "%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%b|%c|%U|%q" 42 42 42 42 42 255 255 255 8 5 65 66 97 }}',
    "   42|42   |00042|+42| 42|ff|FF|0xff|10|101|A|U+0042|'a'",
  ],
  [
    '{{ printf "%5s|%-5s|%.2s|%q|%#q|%+q|%x" "ab" "ab" "abc" "a\\n" "raw" "é" "hi" }}',
    '   ab|ab   |ab|"a\\n"|`raw`|"\\u00e9"|6869',
  ],
  [
    '{{ printf "%f|%.2f|%e|%g|%8.3f|%-8.1f|%+.1f|%08.3f|%.3g" 1.5 2.345 123456.789 1e21 3.14159 2.5 1.0 -3.14159 1234.5678 }}',
    '1.500000|2.35|1.234568e+05|1e+21|   3.142|2.5     |+1.0|-003.142|1.23e+03',
  ],
  [
    '{{ printf "%.0f %.0f %.1f %.2f %.0e %.1g" 2.5 3.5 0.25 1.125 2.5 25.0 }}',
    '2 4 0.2 1.12 2e+00 2e+01',
  ],
  [
    '{{ printf "%s %d" .list .list }} {{ printf "%q" .list }} {{ printf "%T %T %T %T" .list .map .name .nil }}',
    '[a b c] [%!d(string=a) %!d(string=b) %!d(string=c)] ["a" "b" "c"] []interface {} map[string]interface {} string <nil>',
  ],
  ['{{ printf "%v %s %d" nil nil nil }}', '<nil> %!s(<nil>) %!d(<nil>)'],
  [
    '{{ printf "%!" }} {{ printf "%" }} {{ printf "%z" 1 }} {{ printf "%d" }} {{ printf "a" 1 "b" nil }}',
    '%!!(MISSING) %!(NOVERB) %!z(int=1) %!d(MISSING) a%!(EXTRA int=1, string=b, <nil>)',
  ],
  [
    '{{ printf "%[2]s %[1]s" "a" "b" }} {{ printf "%[3]s" "a" }} {{ printf "%*d" 5 3 }} {{ printf "%.*f" 2 3.14159 }}',
    'b a %!s(BADINDEX)     3 3.14',
  ],
  [
    '{{ printf "%5.2e|%6.2d" 3 .ratio }} {{ printf "%d%%" 50 }}',
    '%!e(int=   03)|%!d(float64=   1.5) 50%',
  ],
  // Truth.
  [
    '{{ if .yes }}a{{ else }}b{{ end }}{{ if .no }}a{{ else if .replicas }}c{{ else }}b{{ end }}',
    'ac',
  ],
  [
    '{{ if .empty }}{{ else if .zero }}{{ else if .nil }}{{ else if .none }}{{ else if .bare }}{{ else if .no }}{{ else if .missing }}{{ else }}all{{ end }}',
    'all',
  ],
  [
    '{{ if "0" }}a{{ end }}{{ if 0.0 }}b{{ end }}{{ if .list }}c{{ end }}{{ if .map }}d{{ end }}',
    'acd',
  ],
  [
    '{{ and 1 0 }} {{ and 1 2 }} {{ or 0 "" "x" }} {{ or 0 "" }}| {{ not 1 }} {{ not nil }} {{ "x" | and 1 }} {{ "x" | or 0 }} {{ "x" | or 5 }}',
    '0 2 x | false true x x 5',
  ],
  ['{{ and .no (index .list 99) }} {{ or .yes (index .list 99) }}', 'false true'],
  // Comparison.
  [
    '{{ eq .name "orders" }} {{ eq .replicas 3.0 }} {{ eq 1 2 3 1 }} {{ eq .nil nil }} {{ ne .name "x" }} {{ eq .missing "x" }} {{ eq .list nil }}',
    'true true true true true false false',
  ],
  [
    '{{ lt 1 2 }} {{ lt "a" "b" }} {{ le 1 1 }} {{ gt .replicas 2.0 }} {{ ge "b" "b" }} {{ lt 1.5 1.5 }}',
    'true true true true true false',
  ],
  // len, index.
  ['{{ len .name }} {{ len .umlaut }} {{ len .list }} {{ len .map }}', '6 12 3 3'],
  [
    '{{ index .list 1 }} {{ index .map "a" }} {{ index .map "c" "d" }} {{ index .name 0 }} {{ index .map "zz" }}| {{ index .list }}',
    'b 1 x 111 | [a b c]',
  ],
  // with.
  [
    '{{ with .name }}{{ . }}{{ else }}no{{ end }}{{ with .empty }}x{{ else }}{{ .name }}{{ end }}',
    'ordersorders',
  ],
  [
    '{{ with .empty }}x{{ else with .replicas }}{{ . }}{{ else }}y{{ end }}{{ with $x := .name }}{{ $x }}{{ $.ratio }}{{ end }}',
    '3orders1.5',
  ],
  // range.
  [
    '{{ range .list }}[{{ . }}]{{ end }} {{ range $i, $v := .list }}{{ $i }}={{ $v }},{{ end }} {{ range $v := .list }}{{ $v }}{{ end }}',
    '[a][b][c] 0=a,1=b,2=c, abc',
  ],
  [
    '{{ range $k, $v := .map }}{{ $k }}={{ $v }};{{ end }} {{ range .map }}{{ . }},{{ end }}',
    'a=1;b=2;c=map[d:x]; 1,2,map[d:x],',
  ],
  [
    '{{ range .none }}x{{ else }}none{{ end }} {{ range .nil }}x{{ else }}none{{ end }} {{ range .missing }}x{{ else }}none{{ end }} {{ range .bare }}x{{ else }}none{{ end }}',
    'none none none none',
  ],
  [
    '{{ range 3 }}{{ . }}{{ end }} {{ range $i := 3 }}{{ $i }}{{ end }} {{ range 0 }}x{{ else }}none{{ end }}',
    '012 012 none',
  ],
  [
    '{{ range .list }}{{ if eq . "b" }}{{ break }}{{ end }}{{ . }}{{ end }} {{ range .list }}{{ if eq . "b" }}{{ continue }}{{ end }}{{ . }}{{ end }}',
    'a ac',
  ],
  ['{{ range .list }}{{ range $.list }}{{ . }}{{ break }}{{ end }}{{ end }}', 'aaa'],
  ['{{ range $i, $e := .list }}{{ if $i }},{{ end }}{{ $e }}{{ end }}', 'a,b,c'],
  // Variables.
  [
    '{{ $x := 1 }}{{ $x }}{{ $x = 2 }}{{ $x }}{{ if true }}{{ $x = 3 }}{{ $x := 9 }}{{ $x }}{{ end }}{{ $x }}',
    '1293',
  ],
  ['{{ $x := 1 }}{{ $x := print $x $x }}{{ $x }}', '1 1'],
  ['{{ $x := 1 }}{{ if false }}{{ $x := 2 }}{{ else }}{{ $x }}{{ end }}', '1'],
  ['{{ $i := 0 }}{{ $v := 0 }}{{ range $i, $v = .list }}{{ end }}{{ $i }}{{ $v }}', '2c'],
  ['{{ if $z := .empty }}a{{ else if eq $z "" }}b{{ end }}', 'b'],
  ['{{ range $x := .none }}{{ else }}{{ $x }}{{ end }}', '[]'],
  ['{{ $.name }}{{ with .map }}{{ $.name }}{{ .a }}{{ end }}', 'ordersorders1'],
  // Fields, also those of nil.
  [
    '{{ .map.c.d }} {{ .map.zz }}| {{ (.map).a }} {{ ((.map).c).d }} {{ (index .ports 0).name }} {{ (index .ports 1).port }}|',
    'x | 1 x http |',
  ],
  ['{{ (.map.zz).y }}|{{ ((.map.zz).y).z }}|{{ $x := .map.zz }}{{ $x.foo.bar }}|', '|||'],
  ['{{ range .holes }}[{{ . }}]{{ end }}', '[][1]'],
  // Named templates.
  ['{{ define "a" }}<{{ . }}>{{ end }}{{ template "a" .name }}{{ template "a" }}', '<orders><>'],
  ['{{ define "a" }}{{ end }}{{ define "a" }}2{{ end }}{{ template "a" }}', '2'],
  ['{{ define "a" }}2{{ end }}{{ define "a" }} {{/* x */}} {{ end }}{{ template "a" }}', '2'],
  ['{{ block "b" .name }}[{{ . }}]{{ end }}{{ template "b" 2 }}', '[orders][2]'],
  ['{{ define "a" }}{{ $ }}{{ end }}{{ template "a" .replicas }}', '3'],
  ['{{ define "a" }}{{ .x }}{{ end }}{{ template "a" .nil }}{{ template "a" }}', ''],
  ['{{ range .list }}{{ template "q" }}{{ end }}{{ define "q" }}Z{{ end }}', 'ZZZ'],
  // Escapers.
  [
    '{{ html "<a href=\'x\'>&\\"" }} {{ html nil }}',
    '&lt;a href=&#39;x&#39;&gt;&amp;&#34; &lt;no value&gt;',
  ],
  ['{{ js "it\'s \\"<>&=\\n\\\\ é" }}', 'it\\\'s \\"\\u003C\\u003E\\u0026\\u003D\\u000A\\\\ é'],
  ['{{ urlquery "a b&c=d/é!\'()*~" }}', 'a+b%26c%3Dd%2F%C3%A9%21%27%28%29%2A~'],
];

/** Templates that Go refuses, and when: while it reads them, or while it runs them. */
export const ERRORS: readonly (readonly [template: string, stage: 'read' | 'run'])[] = [
  ['{{- }}', 'read'],
  ['{{ 3- }}', 'read'],
  ['{{ /* c */ }}', 'read'],
  ['{{/* unclosed', 'read'],
  ['{{/* x */ }}', 'read'],
  ['{{ .name', 'read'],
  ['{{ "abc', 'read'],
  ['{{ `abc', 'read'],
  ["{{ 'a", 'read'],
  ['{{ (1 }}', 'read'],
  ['{{ 1) }}', 'read'],
  ['{{ () }}', 'read'],
  ['{{ | }}', 'read'],
  ['{{ 1 || 2 }}', 'read'],
  ['{{ $x := }}', 'read'],
  ['{{ $x : 1 }}', 'read'],
  ['{{ $x+2 }}', 'read'],
  ['{{ x! }}', 'read'],
  ['{{ "\\q" }}', 'read'],
  ['{{ "\\400" }}', 'read'],
  ['{{ "a\nb" }}', 'read'],
  ["{{ 'ab' }}", 'read'],
  ["{{ '' }}", 'read'],
  ['{{ 089 }}', 'read'],
  ['{{ 99999999999999999999 }}', 'read'],
  ['{{ 18446744073709551615 }}', 'run'],
  ['{{ "x".y }}', 'read'],
  ['{{ nil.x }}', 'read'],
  ['{{ "x" | 3 }}', 'read'],
  ['{{ $x }}', 'read'],
  ['{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}', 'read'],
  ['{{ if false }}{{ $x := 2 }}{{ else }}{{ $x }}{{ end }}', 'run'],
  ['{{ $x = 1 }}', 'run'],
  ['{{ $x, $y := .list }}', 'read'],
  ['{{ range $a, $b, $c := .list }}{{ end }}', 'read'],
  ['{{ end }}', 'read'],
  ['{{ else }}', 'read'],
  ['{{ if }}{{ end }}', 'read'],
  ['{{ if 1 }}', 'read'],
  ['{{ if 1 }}{{ else }}{{ else }}{{ end }}', 'read'],
  ['{{ with 1 }}{{ else if 2 }}{{ end }}', 'read'],
  ['{{ break }}', 'read'],
  ['{{ range .list }}{{ else }}{{ break }}{{ end }}', 'read'],
  ['{{ define "x" }}{{ break }}{{ end }}', 'read'],
  ['{{ define x }}{{ end }}', 'read'],
  ['{{ define "x" }}', 'read'],
  ['{{ if 1 }}{{ define "x" }}{{ end }}{{ end }}', 'read'],
  ['{{ define "a" }}1{{ end }}{{ define "a" }}2{{ end }}', 'read'],
  ['{{ block "x" }}{{ end }}', 'read'],
  ['{{ template x }}', 'read'],
  ['{{ template "zz" }}', 'run'],
  ['{{ nil }}', 'run'],
  ['{{ 1 2 }}', 'run'],
  ['{{ . 1 }}', 'run'],
  ['{{ .map.a "b" }}', 'run'],
  ['{{ .map.zz.y }}', 'run'],
  ['{{ .nil.x }}', 'run'],
  ['{{ .name.x }}', 'run'],
  ['{{ .list.x }}', 'run'],
  ['{{ range .holes }}{{ .x }}{{ end }}', 'run'],
  ['{{ range .ports }}{{ .port.x }}{{ end }}', 'run'],
  ['{{ range .replicas }}x{{ end }}', 'run'],
  ['{{ range .name }}x{{ end }}', 'run'],
  ['{{ range $i, $j := 3 }}{{ $i }}{{ end }}', 'run'],
  ['{{ eq .replicas 3 }}', 'run'],
  ['{{ eq .list .list }}', 'run'],
  ['{{ eq .map .list }}', 'run'],
  ['{{ eq 1 }}', 'run'],
  ['{{ lt true false }}', 'run'],
  ['{{ lt 1 .replicas }}', 'run'],
  ['{{ and .yes (index .list 99) }}', 'run'],
  ['{{ and }}', 'run'],
  ['{{ not }}', 'run'],
  ['{{ len .replicas }}', 'run'],
  ['{{ len .nil }}', 'run'],
  ['{{ index .list 3 }}', 'run'],
  ['{{ index .list -1 }}', 'run'],
  ['{{ index .map 1 }}', 'run'],
  ['{{ index .map "zz" "y" }}', 'run'],
  ['{{ index .nil 1 }}', 'run'],
  ['{{ printf 3 }}', 'run'],
  ['{{ call .name }}', 'run'],
];
