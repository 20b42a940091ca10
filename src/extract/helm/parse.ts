/** Reads templates as Go's text/template does. Whether a function exists is asked when it is called. */
import type {
  Branch,
  Command,
  Definition,
  Expression,
  Node,
  ParsedTemplate,
  Pipeline,
} from './ast.ts';
import type { Token } from './lex.ts';
import { numberOf, unquote, unquoteCharacter } from './literal.ts';
import { type Mark, Scope } from './scope.ts';
import { EMPTY_TEXT, sliceText, textOf, union } from './text.ts';
import { type Provenance, STARTS_OPERAND, TERMS, Tokens } from './tokens.ts';
import { type GoValue, type Operand, type Origin, Text, Unknown } from './value.ts';

export interface TemplateFile {
  /** Path of the file, relative to the base of the run. */
  readonly path: string;
  readonly text: string;
  /** Helm's name of it, `orders/templates/deployment.yaml`; the path when absent. */
  readonly name?: string;
}

/** Reads a file of templates; throws `TemplateError` where Go's parser would refuse it. */
export function parseTemplate(file: TemplateFile): ParsedTemplate {
  const { path, text } = file;
  const name = file.name ?? path;
  const at = (start: number, end: number): Origin => ({ path, range: [start, end] });
  const literal = (start: number, end: number) =>
    textOf(text.slice(start, end), [], at(start, end));
  const provenance = { path, at, text: literal, from: () => [] };
  return { name, path, definitions: new Parser(name, text, provenance).read() };
}

/** Reads a value as a template (`tpl`): its characters keep the places and values that they have. */
export function parseText(name: string, source: Text, at: Origin): ParsedTemplate {
  const placed = new Text(
    source.pieces.map((piece) => (piece.at === undefined ? { ...piece, at } : piece)),
  );
  const text = (start: number, end: number) => sliceText(placed, start, end);
  const from = (start: number, end: number) => {
    let all: readonly Origin[] = [];
    for (const piece of text(start, end).pieces) all = union(all, piece.from);
    return all;
  };
  const provenance = { path: at.path, at: () => at, text, from };
  return { name, path: at.path, definitions: new Parser(name, source.value, provenance).read() };
}

/** What ends a list of nodes: `end`, `else`, or `else if` and `else with`, whose second word is still to be read. */
type Stop = 'end' | 'else' | 'else if' | 'else with';

class Parser extends Tokens {
  private readonly name: string;
  private readonly definitions = new Map<string, Definition>();
  private scope = new Scope();

  constructor(name: string, source: string, provenance: Provenance) {
    super(source, provenance);
    this.name = name;
  }

  read(): Definition[] {
    const nodes: Node[] = [];
    while (this.peek().kind !== 'eof') {
      if (this.peek().kind === 'leftDelim' && this.isDefine()) this.definition();
      else {
        const node = this.textOrAction();
        if (typeof node === 'string') this.fail(`unexpected {{${node}}}`);
        else nodes.push(node);
      }
    }
    this.add(this.name, nodes);
    return [...this.definitions.values()];
  }

  // Templates.

  private isDefine(): boolean {
    const after = this.tokens[this.next + 1];
    const word = after?.kind === 'space' ? this.tokens[this.next + 2] : after;
    return word?.kind === 'define';
  }

  private definition(): void {
    this.take();
    this.takeWord();
    const token = this.takeWord();
    const name = this.templateName(token, 'define clause');
    this.expect('rightDelim', 'define clause');
    this.body(name, 'define clause');
  }

  /** The nodes of a `define` or `block` up to its `end`: a template of its own. */
  private body(name: string, context: string): void {
    const outer = this.scope;
    this.scope = new Scope();
    const { nodes, stop } = this.nested(() => this.list());
    if (stop !== 'end') this.fail(`unexpected {{${stop}}} in ${context}`);
    this.add(name, nodes);
    this.scope = outer;
  }

  private add(name: string, nodes: readonly Node[]): void {
    const blank = nodes.every(isBlank);
    const earlier = this.definitions.get(name);
    if (earlier !== undefined && !earlier.blank) {
      if (blank) return;
      this.fail(`template: multiple definition of template ${JSON.stringify(name)}`);
    }
    const source = { path: this.provenance.path, text: this.source };
    this.definitions.set(name, { name, nodes, slots: this.scope.slots, blank, source });
  }

  private templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'rawString') this.unexpected(token, context);
    return this.unquoted(token);
  }

  private unquoted(token: Token): string {
    return unquote(token.value) ?? this.fail('invalid syntax', token);
  }

  private list(): { readonly nodes: Node[]; readonly stop: Stop } {
    const nodes: Node[] = [];
    while (this.peekWord().kind !== 'eof') {
      const node = this.textOrAction();
      if (typeof node === 'string') return { nodes, stop: node };
      nodes.push(node);
    }
    this.fail('unexpected EOF');
  }

  private textOrAction(): Node | Stop {
    const token = this.takeWord();
    if (token.kind === 'text')
      return { kind: 'text', text: this.provenance.text(token.start, token.end) };
    if (token.kind !== 'leftDelim') this.unexpected(token, 'input');
    return this.action(token);
  }

  private action(open: Token): Node | Stop {
    const word = this.peekWord();
    switch (word.kind) {
      case 'end':
        this.takeWord();
        this.expect('rightDelim', 'end');
        return 'end';
      case 'else':
        return this.otherwise();
      case 'break':
      case 'continue':
        this.takeWord();
        this.expect('rightDelim', `{{${word.kind}}}`);
        if (this.scope.ranges === 0) this.fail(`{{${word.kind}}} outside {{range}}`, word);
        return { kind: word.kind };
      case 'if':
      case 'with':
        this.takeWord();
        return this.nested(() => this.branches(open, word.kind === 'if' ? 'if' : 'with'));
      case 'range':
        this.takeWord();
        return this.nested(() => this.range(open));
      case 'template':
      case 'block':
        this.takeWord();
        return this.template(open, word.kind);
    }
    const pipe = this.pipeline('command', 'rightDelim', open);
    return { kind: 'action', pipe };
  }

  private otherwise(): Stop {
    this.takeWord();
    const { kind } = this.peekWord();
    if (kind === 'if') return 'else if';
    if (kind === 'with') return 'else with';
    this.expect('rightDelim', 'else');
    return 'else';
  }

  private branches(open: Token, word: 'if' | 'with'): Node {
    const begin = this.scope.mark();
    const branches: Branch[] = [];
    let otherwise: readonly Node[] | undefined;
    for (;;) {
      const pipe = this.pipeline(word, 'rightDelim');
      const { nodes: body, stop, inner } = this.scoped();
      branches.push({ pipe, body });
      this.scope.hide(inner);
      if (stop === 'else') otherwise = this.last();
      else if (stop === `else ${word}`) {
        this.takeWord();
        continue;
      } else if (stop !== 'end') this.unexpected(this.peek(), 'input');
      break;
    }
    this.scope.leave(begin);
    const at = this.placed(open);
    return { kind: 'branch', word, branches, otherwise, at };
  }

  private scoped(): { readonly nodes: Node[]; readonly stop: Stop; readonly inner: Mark } {
    const inner = this.scope.mark();
    return { ...this.list(), inner };
  }

  /** The nodes behind `else`, up to `end`. */
  private last(): readonly Node[] {
    const { nodes, stop } = this.list();
    if (stop !== 'end') this.fail(`expected end; found {{${stop}}}`);
    return nodes;
  }

  private range(open: Token): Node {
    const begin = this.scope.mark();
    const pipe = this.pipeline('range', 'rightDelim');
    this.scope.ranges++;
    const { nodes: body, stop, inner } = this.scoped();
    this.scope.ranges--;
    this.scope.hide(inner);
    if (stop === 'else if' || stop === 'else with') this.unexpected(this.peek(), 'input');
    const otherwise = stop === 'else' ? this.last() : undefined;
    this.scope.leave(begin);
    return { kind: 'range', pipe, body, otherwise, at: this.placed(open) };
  }

  private template(open: Token, word: 'template' | 'block'): Node {
    const context = `${word} clause`;
    const name = this.templateName(this.takeWord(), context);
    const bare = word === 'template' && this.peekWord().kind === 'rightDelim';
    if (bare) this.takeWord();
    const pipe = bare ? undefined : this.pipeline(context, 'rightDelim');
    const at = this.placed(open);
    if (word === 'block') this.body(name, context);
    return { kind: 'template', name, pipe, at };
  }

  // Pipelines.

  private pipeline(context: string, end: 'rightDelim' | 'rightParen', open?: Token): Pipeline {
    const start = open ?? this.peekWord();
    const { variables, assign } = this.variables(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.peekWord();
      if (token.kind === end) break;
      if (!STARTS_OPERAND.has(token.kind)) this.unexpected(token, context);
      commands.push(this.command());
    }
    this.takeWord();
    if (!assign) this.scope.begin(variables);
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    const late = commands.findIndex(({ first }, i) => i > 0 && NOT_EXECUTABLE.has(first.kind));
    if (late !== -1) this.fail(`non executable command in pipeline stage ${late + 1}`);
    const at = this.placed(start);
    const from = this.provenance.from(start.start, this.lastEnd());
    return { kind: 'pipeline', commands, variables, assign, at, from };
  }

  /** `$a :=`, `$a =`, and in a `range` `$a, $b :=`. */
  private variables(context: string): Pick<Pipeline, 'variables' | 'assign'> {
    const names: string[] = [];
    let begin = this.next;
    while (this.peekWord().kind === 'variable') {
      begin = this.next;
      const { value: name } = this.takeWord();
      const after = this.peekWord();
      if (after.kind === 'declare' || after.kind === 'assign') {
        this.takeWord();
        const assign = after.kind === 'assign';
        return { variables: this.places([...names, name], assign), assign };
      }
      if (after.kind !== 'char' || after.value !== ',') break;
      this.takeWord();
      if (context !== 'range' || names.length > 0) this.fail(`too many declarations in ${context}`);
      if (this.peekWord().kind !== 'variable') this.fail('range can only initialize variables');
      names.push(name);
    }
    // Of `range $a, $b` Go takes the first one as declared and the second one as the value.
    this.next = begin;
    return { variables: this.places(names, false), assign: false };
  }

  private places(names: readonly string[], assign: boolean): number[] {
    return names.map((name) => (assign ? this.scope.assign(name) : this.scope.declare(name)));
  }

  private command(): Command {
    const start = this.peekWord();
    const operands: Expression[] = [];
    let end = start.start;
    for (;;) {
      this.skipSpace();
      const operand = this.operand();
      if (operand !== undefined) {
        operands.push(operand);
        end = this.lastEnd();
      }
      const token = this.peek();
      if (token.kind === 'rightDelim' || token.kind === 'rightParen') break;
      this.take();
      if (token.kind === 'pipe') break;
      if (token.kind !== 'space') this.unexpected(token, 'operand');
    }
    const [first, ...args] = operands;
    if (first === undefined) this.fail('empty command');
    return { first, args, at: this.provenance.at(start.start, end) };
  }

  private operand(): Expression | undefined {
    const token = this.peek();
    const term = this.term();
    if (term === undefined || this.peek().kind !== 'field') return term;
    const names: string[] = [];
    while (this.peek().kind === 'field') names.push(this.take().value.slice(1));
    switch (term.kind) {
      case 'field':
      case 'variable':
        return { ...term, names: [...term.names, ...names] };
      case 'literal':
      case 'nil':
      case 'dot':
        return this.fail(`unexpected . after term ${JSON.stringify(token.value)}`, token);
      default:
        return { kind: 'chain', of: term, names };
    }
  }

  private term(): Expression | undefined {
    const token = this.peekWord();
    const read = TERMS[token.kind];
    if (read === undefined) return undefined;
    this.take();
    switch (read) {
      case 'literal':
        return { kind: 'literal', ...this.literal(token) };
      case 'parentheses':
        return this.nested(() => this.pipeline('parenthesized pipeline', 'rightParen', token));
      case 'function':
        return { kind: 'function', name: token.value };
      case 'dot':
      case 'nil':
        return { kind: read };
      case 'field':
        return { kind: 'field', names: [token.value.slice(1)] };
      case 'variable':
        return this.variable(token);
    }
  }

  private variable(token: Token): Expression {
    const name = token.value;
    const slot = this.scope.find(name);
    if (slot === undefined) this.fail(`undefined variable ${JSON.stringify(name)}`, token);
    return { kind: 'variable', name, slot, names: [] };
  }

  private literal(token: Token): { readonly operand: Operand; readonly error?: string } {
    const known = (value: GoValue) => ({ operand: { value, from: [] } });
    switch (token.kind) {
      case 'bool':
        return known(token.value === 'true');
      case 'character':
        return known(
          unquoteCharacter(token.value) ??
            this.fail(`malformed character constant: ${token.value}`, token),
        );
      case 'complex':
        return known(new Unknown('a complex number'));
      case 'number':
        return this.number(token);
    }
    const value = this.unquoted(token);
    const at = this.provenance.at(token.start, token.end);
    const from = this.provenance.from(token.start, token.end);
    return known(value === '' ? EMPTY_TEXT : textOf(value, from, at));
  }

  private number(token: Token): { readonly operand: Operand; readonly error?: string } {
    const number = numberOf(token.value);
    if (number === 'complex')
      return { operand: { value: new Unknown('a complex number'), from: [] } };
    if (typeof number !== 'object') return { operand: { value: number, from: [] } };
    if (number.error.endsWith('overflows int'))
      return { operand: { value: null, from: [] }, error: number.error };
    return this.fail(number.error, token);
  }
}

/** A later stage of a pipeline must be something that takes an argument. */
const NOT_EXECUTABLE: ReadonlySet<string> = new Set(['literal', 'dot', 'nil']);

function isBlank(node: Node): boolean {
  return node.kind === 'text' && node.text.value.trim() === '';
}
