/** Where the walk is: the function and the region that run what is being visited. */
import type { Region, RegionIndex } from '../../code-facts.ts';
import type { Draft, DraftFunction, DraftRegion } from './draft.ts';
import { rangeOf } from './draft.ts';
import { targetsOf } from './patterns.ts';
import type { Node } from './syntax.ts';

type Kind = Exclude<Region['kind'], 'body'>;

/** A region that is open; it becomes a fact when something in it does. */
interface Frame {
  readonly kind: Kind;
  readonly node: Node;
  /** The statement or expression that it is a part of. */
  readonly of: Node;
  index: RegionIndex | undefined;
}

/** A frame in use, and the node at whose end it closes. Several parts of a loop are in one frame. */
interface Open {
  readonly frame: Frame;
  readonly until: Node;
}

interface Running {
  readonly function: number;
  readonly fact: DraftFunction;
  readonly until: Node | undefined;
  readonly open: Open[];
}

export class Position {
  readonly #draft: Draft;
  readonly #running: Running[] = [];
  /** Frames of loops whose parts are visited one after the other. */
  readonly #loops = new Map<Node, Frame>();
  readonly #labels = new Map<Node, string>();
  #order = 0;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  get function(): number {
    return this.#top().function;
  }

  get fact(): DraftFunction {
    return this.#top().fact;
  }

  nextOrder(): number {
    return this.#order++;
  }

  /** From here to the end of `node`, things belong to this function. */
  enterFunction(node: Node | undefined, fact: DraftFunction): void {
    const index = this.#draft.functions.length;
    if (node !== undefined) this.#draft.functionOf.set(node, index);
    this.#draft.functions.push(fact);
    this.#running.push({ function: index, fact, until: node, open: [] });
  }

  /** Closes what ends with `node`. */
  leave(node: Node): void {
    const top = this.#top();
    if (top.until === node) this.#running.pop();
    const { open } = this.#top();
    while (open.at(-1)?.until === node) open.pop();
  }

  /** Opens the region that begins with `node`, a child of `parent`. */
  enter(node: Node, parent: Node | undefined): void {
    switch (node.type) {
      case 'LabeledStatement':
        this.#labels.set(node.body, node.label.name);
        this.#openIn(node, parent);
        return;
      case 'SwitchCase':
        this.#push('case', node, parent ?? node);
        return;
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.#openIn(node, parent);
        this.#push('loop', node, node);
        return;
      default:
        this.#openIn(node, parent);
    }
  }

  #openIn(node: Node, parent: Node | undefined): void {
    switch (parent?.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
        if (node === parent.consequent) this.#push('then', node, parent);
        else if (node === parent.alternate) this.#push('else', node, parent);
        return;
      case 'LogicalExpression':
        if (node === parent.right)
          this.#push(parent.operator === '&&' ? 'then' : 'else', node, parent);
        return;
      case 'AssignmentExpression':
        if (node !== parent.right) return;
        if (parent.operator === '&&=') this.#push('then', node, parent);
        else if (parent.operator === '||=' || parent.operator === '??=')
          this.#push('else', node, parent);
        return;
      case 'AssignmentPattern':
        if (node === parent.right) this.#push('else', node, parent);
        return;
      case 'TryStatement':
        if (node === parent.block) this.#push('try', node, parent);
        else if (node === parent.handler) this.#push('catch', node, parent);
        else this.#push('finally', node, parent);
        return;
      case 'ForStatement':
        if (node !== parent.init) this.#pushLoop(node, parent);
        return;
      case 'ForOfStatement':
      case 'ForInStatement':
        if (node !== parent.right) this.#pushLoop(node, parent);
        return;
      default:
    }
  }

  #push(kind: Kind, node: Node, of: Node): void {
    this.#top().open.push({ frame: { kind, node, of, index: undefined }, until: node });
  }

  #pushLoop(node: Node, loop: Node): void {
    let frame = this.#loops.get(loop);
    if (frame === undefined) {
      frame = { kind: 'loop', node: loop, of: loop, index: undefined };
      this.#loops.set(loop, frame);
    }
    this.#top().open.push({ frame, until: node });
  }

  /** The region here, as an index into the regions of the function. */
  region(): RegionIndex {
    const { open, fact } = this.#top();
    let known = open.length - 1;
    while (known >= 0 && open[known]?.frame.index === undefined) known--;
    let index = open[known]?.frame.index ?? 0;
    for (let i = known + 1; i < open.length; i++) {
      const frame = open[i]?.frame;
      if (frame === undefined) continue;
      const region = this.#regionOf(frame, index);
      index = fact.regions.push(region) - 1;
      frame.index = index;
    }
    return index;
  }

  #regionOf({ kind, node, of }: Frame, parent: RegionIndex): DraftRegion {
    const region: DraftRegion = { kind, parent, range: rangeOf(node) };
    if (of !== node) region.of = rangeOf(of);
    if (kind === 'loop') addLoop(region, of, this.#labels.get(of), this.#draft);
    else if (kind === 'catch' && of.type === 'TryStatement') {
      const error = this.#draft.declared(of.handler?.param);
      if (error !== undefined) region.error = error;
    } else if (of.type === 'SwitchStatement') region.subject = this.#draft.of(of.discriminant);
    this.#late.push({ region, node, of });
    return region;
  }

  readonly #late: { readonly region: DraftRegion; readonly node: Node; readonly of: Node }[] = [];

  /** Fills in what is known only when everything was visited: the test of a loop may stand behind its first call. */
  finish(): void {
    for (const { region, node, of } of this.#late) {
      const test = this.#draft.found(testOf(node, of));
      if (test !== undefined) region.test = test;
    }
  }

  #top(): Running {
    const top = this.#running.at(-1);
    if (top === undefined) throw new Error('outside of every function');
    return top;
  }
}

function testOf(node: Node, of: Node): Node | null | undefined {
  switch (of.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      return of.test;
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return of.left;
    case 'SwitchStatement':
      return node.type === 'SwitchCase' ? node.test : undefined;
    default:
      return undefined;
  }
}

function addLoop(region: DraftRegion, loop: Node, label: string | undefined, draft: Draft): void {
  const labelled = label === undefined ? {} : { label };
  const bindings = (head: Node | null): number[] =>
    head?.type === 'VariableDeclaration'
      ? head.declarations
          .flatMap(({ id }) => targetsOf(id, draft))
          .flatMap(({ node }) => draft.declared(node) ?? [])
      : [];
  switch (loop.type) {
    case 'WhileStatement':
      region.loop = { form: 'while', bindings: [], ...labelled };
      return;
    case 'DoWhileStatement':
      region.loop = { form: 'do', bindings: [], ...labelled };
      return;
    case 'ForStatement':
      region.loop = { form: 'for', bindings: bindings(loop.init), ...labelled };
      return;
    case 'ForInStatement':
    case 'ForOfStatement': {
      const plain = loop.type === 'ForInStatement' ? 'in' : 'of';
      region.loop = {
        form: loop.type === 'ForOfStatement' && loop.await ? 'await-of' : plain,
        over: draft.of(loop.right),
        bindings: bindings(loop.left),
        ...labelled,
      };
      return;
    }
    default:
  }
}
