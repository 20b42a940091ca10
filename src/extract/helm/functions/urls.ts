/** `urlParse` and `urlJoin`: Go's net/url. */
import { type Dict, TemplateError, Text } from '../value.ts';
import { type Call, element, type Functions, fixed } from './signature.ts';

interface User {
  readonly name: string;
  readonly password: string | undefined;
}

/** The characters of a part of a URL that are not escaped, besides letters, digits and `-_.~`. */
const PATH = '$&+,/:;=@';
const FRAGMENT = '$&+,/:;=?@!()*';
const USER = '$&+,;=';
const HOST = '!$&\'()*+,;=:[]<>"';

const wrong = (what: string) => new TemplateError(`unable to parse url: ${what}`);

function escaped(text: string, allowed: string): string {
  let made = '';
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    const plain = /^[A-Za-z0-9\-_.~]$/.test(character) || allowed.includes(character);
    made += plain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return made;
}

function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw wrong('invalid URL escape');
  const bytes: Buffer[] = text
    .split(/((?:%[0-9A-Fa-f]{2})+)/)
    .map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.replaceAll('%', ''), 'hex') : Buffer.from(part),
    );
  return Buffer.concat(bytes).toString('utf8');
}

/** What is before the first `mark`, and what is after it. */
function cut(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

function schemeOf(text: string): readonly [string, string] {
  const found = /^([A-Za-z][A-Za-z0-9+.-]*)?:/.exec(text);
  if (found === null) return ['', text];
  if (found[1] === undefined) throw wrong('missing protocol scheme');
  return [found[1].toLowerCase(), text.slice(found[0].length)];
}

function hostOf(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw wrong('invalid IP-literal');
  const end = host.lastIndexOf(']');
  if (bracket === 0 && end === -1) throw wrong("missing ']' in host");
  const strict = scheme === 'http' || scheme === 'https';
  const colon = bracket === 0 ? end + 1 : strict ? host.indexOf(':') : host.lastIndexOf(':');
  const port = colon === -1 ? '' : host.slice(colon);
  if (!/^(?::[0-9]*)?$/.test(port)) throw wrong('invalid port after host');
  if (/%(?!25|[89A-Fa-f][0-9A-Fa-f])/.test(host)) throw wrong('invalid URL escape');
  for (const character of host)
    if (character < '\x80' && character !== '%' && escaped(character, HOST) !== character)
      throw wrong('invalid character in host name');
  return unescaped(host);
}

function userOf(text: string): User {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(text)) throw wrong('net/url: invalid userinfo');
  const [name, password] = cut(text, ':');
  return {
    name: unescaped(name),
    password: password === undefined ? undefined : unescaped(password),
  };
}

function printUser({ name, password }: User): string {
  const secret = password === undefined ? '' : `:${escaped(password, USER)}`;
  return escaped(name, USER) + secret;
}

function hostname(host: string): string {
  const name = host.replace(/:[0-9]*$/, '');
  return /^\[.*\]$/.test(name) ? name.slice(1, -1) : name;
}

function parse(text: string): Readonly<Record<string, string>> {
  const [main, fragment = ''] = cut(text, '#');
  const parts = {
    scheme: '',
    host: '',
    hostname: '',
    path: '',
    query: '',
    opaque: '',
    fragment: unescaped(fragment),
    userinfo: '',
  };
  if (/[\0-\x1f\x7f]/.test(main)) throw wrong('net/url: invalid control character in URL');
  if (main === '*') return { ...parts, path: '*' };
  const [scheme, afterScheme] = schemeOf(main);
  const [beforeQuery, query = ''] = cut(afterScheme, '?');
  const found = { ...parts, scheme, query };
  if (!beforeQuery.startsWith('/')) {
    if (scheme !== '') return { ...found, opaque: beforeQuery };
    if (cut(beforeQuery, '/')[0].includes(':'))
      throw wrong('first path segment in URL cannot contain colon');
  }
  const hasAuthority =
    beforeQuery.startsWith('//') && (scheme !== '' || !beforeQuery.startsWith('///'));
  if (!hasAuthority) return { ...found, path: unescaped(beforeQuery) };
  const slash = beforeQuery.indexOf('/', 2);
  const authority = slash === -1 ? beforeQuery.slice(2) : beforeQuery.slice(2, slash);
  const at = authority.lastIndexOf('@');
  const host = hostOf(scheme, authority.slice(at + 1));
  return {
    ...found,
    host,
    hostname: hostname(host),
    path: slash === -1 ? '' : unescaped(beforeQuery.slice(slash)),
    userinfo: at === -1 ? '' : printUser(userOf(authority.slice(0, at))),
  };
}

function join(parts: Dict): string {
  const part = (name: string): string => {
    const value = parts.get(name)?.value;
    if (value === undefined) return '';
    if (value instanceof Text) return value.value;
    throw new TemplateError(`unable to parse ${name} key, must be of type string`);
  };
  const [scheme, host, opaque, query, fragment] = [
    part('scheme'),
    part('host'),
    part('opaque'),
    part('query'),
    part('fragment'),
  ];
  const userinfo = part('userinfo');
  const user = userinfo === '' ? '' : `${printUser(userOf(userinfo))}@`;
  let url = scheme === '' ? '' : `${scheme}:`;
  if (opaque !== '') url += opaque;
  else {
    const path = part('path') === '*' ? '*' : escaped(part('path'), PATH);
    if (
      (scheme !== '' || host !== '' || user !== '') &&
      (host !== '' || path !== '' || user !== '')
    )
      url += `//${user}${escaped(host, HOST)}`;
    if (path !== '' && !path.startsWith('/') && host !== '') url += '/';
    if (url === '' && cut(path, '/')[0].includes(':')) url += './';
    url += path;
  }
  if (query !== '') url += `?${query}`;
  return fragment === '' ? url : `${url}#${escaped(fragment, FRAGMENT)}`;
}

function dictOf(parts: Readonly<Record<string, string>>, call: Call): Dict {
  return new Map(Object.entries(parts).map(([name, text]) => [name, element(text, call)]));
}

export const urls: Functions = {
  urlParse: fixed(['string'], ([text], call) => dictOf(parse(text), call)),
  urlJoin: fixed(['known'], ([parts]) => {
    if (parts === null) return '';
    if (!(parts instanceof Map)) throw new TemplateError('urlJoin of something that is no map');
    return join(parts);
  }),
};
