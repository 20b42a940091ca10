/** One file of a repository to its facts: manifests, kustomizations, and what builds and deploys. */
import type {
  EmbeddedYaml,
  FileFacts,
  MapNode,
  Node,
  Notification,
  ResourceFacts,
  SequenceNode,
  SourceFile,
  UnreadFacts,
} from '../../facts.ts';
import { lineStartsOf, type Range } from '../../location.ts';
import { automationOf, isPipeline, isScript } from './automation.ts';
import { type Budget, type Composed, compose, MAX_DEPTH, MAX_TOKENS } from './compose.ts';
import { directivesOf } from './directives.ts';
import { type Document, documentsOf, renderedDocumentsOf, startsLine } from './documents.ts';
import { embeddedIn } from './embedded.ts';
import { jsonPatchOf } from './json-patch.ts';
import { holdsTypes, kustomizeInputOf } from './kustomize-input.ts';
import { BUILT_IN, groupOf, isLocal, isModelled, mayHoldObjects } from './modelled.ts';
import { nodeOf, type Remarks } from './nodes.ts';
import { keyInWords } from './problems.ts';
import { addObjects, fieldOf, headerOf, MAX_RESOURCES, type Objects } from './resources.ts';
import { type LineHeader, lineHeaderOf, lineNamesOf } from './sections.ts';
import { hasTemplateMarks, isInTemplates, isTemplate, kindsNamed } from './templates.ts';

/** Documents of one file that are read. */
const MAX_DOCUMENTS = 5000;
/** Notifications of one kind about one file; a hundred broken documents are one mistake. */
const MAX_ALIKE = 5;

const KUSTOMIZATION = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
const API_VERSION = /(?:^|[\s{,])["']?apiVersion["']?[ \t]*:/;
const KIND = /(?:^|[\s{,])["']?kind["']?[ \t]*:/;

/** All that one file says. Pure: the same path and text give the same facts. Never throws. */
export function extractManifest(file: SourceFile): FileFacts {
  return extract(file, false);
}

/**
 * The same with the body of every object, also of kinds that the model does not read, and with texts as they are, also where
 * they look like placeholders: what a tool that knows no model sees.
 */
export function extractWhole(file: SourceFile): FileFacts {
  return extract(file, true);
}

function extract(file: SourceFile, isComplete: boolean): FileFacts {
  const { path } = file;
  // go-yaml takes a lone carriage return as the end of a line, the parser does not; offsets stay as they are.
  const text = file.text.includes('\r') ? file.text.replace(/\r(?!\n)/g, '\n') : file.text;
  const lineStarts = lineStartsOf(text);
  const isManifest = !isScript(path) && !isPipeline(path);
  const reader = new FileReader({ path, text }, isComplete);
  if (isManifest || isComplete) reader.read();
  const automation = automationOf({ path, text });
  return {
    path,
    lineStarts,
    resources: reader.resources,
    ...(reader.kustomization === undefined ? {} : { kustomization: reader.kustomization }),
    ...(reader.jsonPatch === undefined ? {} : { jsonPatch: reader.jsonPatch }),
    ...(reader.embedded.length === 0 ? {} : { embedded: reader.embedded }),
    ...(reader.kustomizeInput === undefined ? {} : { kustomizeInput: reader.kustomizeInput }),
    ...(automation === undefined ? {} : { automation }),
    unread: reader.unread,
    directives: isManifest ? directivesOf(text, lineStarts) : [],
    notifications: reader.notifications,
  };
}

/** The objects of a text that was rendered from a template: marks of templates in it are data. Never throws. */
export function extractRendered(
  file: SourceFile,
): Pick<FileFacts, 'resources' | 'unread' | 'notifications'> {
  const reader = new FileReader(file);
  reader.readDocuments(renderedDocumentsOf(file.text));
  return reader;
}

/** Does this text name what every Kubernetes object has? */
function looksLikeManifest(text: string): boolean {
  return API_VERSION.test(text) && KIND.test(text);
}

class FileReader implements Remarks {
  readonly resources: ResourceFacts[] = [];
  readonly unread: UnreadFacts[] = [];
  readonly notifications: Notification[] = [];
  kustomization: MapNode | undefined;
  jsonPatch: SequenceNode | undefined;
  embedded: readonly EmbeddedYaml[] = [];
  kustomizeInput: readonly Node[] | undefined;
  /** All bodies and texts are wanted, whatever the model reads. */
  private readonly isComplete: boolean;
  private readonly path: string;
  private readonly text: string;
  private readonly isKustomization: boolean;
  /** Up to here two objects run into one, which was told once. */
  private mergedUntil = 0;
  private readonly budget: Budget = { tokens: MAX_TOKENS };

  constructor({ path, text }: SourceFile, isComplete = false) {
    this.isComplete = isComplete;
    this.path = path;
    this.text = text;
    this.isKustomization = KUSTOMIZATION.test(path);
  }

  read(): void {
    const { text, path } = this;
    if (!this.isComplete && isTemplate(path, text)) {
      if (KIND.test(text) || isInTemplates(path)) this.leave('template', [0, text.length]);
      return;
    }
    const literal = this.isComplete;
    if (!this.isKustomization) {
      this.jsonPatch = jsonPatchOf({ text, literal }, this.budget);
      if (this.jsonPatch !== undefined) return;
    }
    this.readDocuments(documentsOf(text));
    const mayBeInput = !API_VERSION.test(text) || holdsTypes(text);
    if (!this.isKustomization && this.resources.length === 0 && mayBeInput)
      this.kustomizeInput = kustomizeInputOf({ text, literal }, this.budget);
  }

  readDocuments(all: readonly Document[]): void {
    const { text } = this;
    if (!this.isKustomization && !(text.includes('apiVersion') && text.includes('kind'))) return;
    let documents = 0;
    for (const document of all) {
      if (!this.isKustomization && text.indexOf('kind', document.start) === -1) return;
      const content = text.slice(document.start, document.end);
      if (!this.isKustomization && !content.includes('kind')) continue;
      if (++documents > MAX_DOCUMENTS || this.resources.length >= MAX_RESOURCES) {
        this.tooLarge(document, `has more than ${MAX_DOCUMENTS} documents or objects`);
        return;
      }
      if (!this.document(document, content)) return;
    }
  }

  /** Reads one document; false when the budget of the file is spent. */
  private document(document: Document, content: string): boolean {
    const { start, end } = document;
    const isWhole = this.isKustomization || this.isComplete;
    const header = isWhole ? undefined : lineHeaderOf(this.text, start, end);
    if (header === 'none') return true;
    if (header !== undefined) {
      const { apiVersion, kind } = header;
      if (isLocal(apiVersion, kind)) return true;
      if (!isModelled(apiVersion, kind) && !mayHoldObjects(kind))
        return this.header(header, document);
    }
    for (const composed of compose(content, this.budget)) {
      if (composed.state !== 'read') return this.refuse(composed, document, content, start);
      if (composed.contents === null) continue;
      const source = { text: content, base: start, literal: this.isComplete };
      this.object(nodeOf(composed.contents, source, this), renderedFrom(content));
    }
    return true;
  }

  private object(node: Node, source: string | undefined): void {
    if (this.isKustomization && node.kind === 'map' && isBuild(node)) {
      this.kustomization ??= node;
      this.embed(node);
      return;
    }
    const objects: Objects = {
      resources: this.resources,
      unknownKinds: new Map(),
      complete: this.isComplete,
    };
    addObjects(node, objects, source);
    if (node.kind === 'map' && isTransformer(node)) this.embed(node);
    for (const range of objects.unknownKinds.values()) this.leave('template', range);
  }

  private embed(node: Node): void {
    const source = { text: this.text, literal: this.isComplete };
    this.embedded = [...this.embedded, ...embeddedIn(node, source, this.budget)];
  }

  /** An object of which only the header matters: the rest of it is not parsed. */
  private header(header: LineHeader, { start, end }: Document): boolean {
    const { apiVersion, kind, kindRange, metadata } = header;
    let names: ReturnType<typeof headerOf> = {};
    const content = metadata === undefined ? '' : this.text.slice(metadata.start, metadata.end);
    const quick = lineNamesOf(content);
    if (quick !== undefined) names = quick;
    else if (metadata !== undefined) {
      const [composed] = compose(content, this.budget);
      if (composed !== undefined && composed.state !== 'read')
        return this.refuse(composed, { start, end }, content, metadata.start);
      if (composed?.contents != null) {
        const silent: Remarks = { duplicateKey() {}, unresolvedAlias() {} };
        const node = nodeOf(composed.contents, { text: content, base: metadata.start }, silent);
        if (node.kind === 'map') names = headerOf(fieldOf(node, 'metadata'));
      }
    }
    const source = renderedFrom(this.text.slice(start, kindRange[0]));
    this.resources.push({
      apiVersion,
      resourceKind: kind,
      ...names,
      kindRange,
      range: contentRange(this.text, start, end),
      ...(source === undefined ? {} : { renderedFrom: source }),
    });
    return true;
  }

  /** Says why a document was not read; false when nothing after it can be. `base` is where `content` starts. */
  private refuse(
    composed: Exclude<Composed, { state: 'read' }>,
    document: Document,
    content: string,
    base: number,
  ): boolean {
    const { start, end } = document;
    if (composed.state === 'too-large') {
      this.tooLarge(document, `has more than ${MAX_TOKENS} words and signs`);
      return false;
    }
    const whole = this.text.slice(start, end);
    if (composed.state === 'broken' && hasTemplateMarks(whole)) {
      if (KIND.test(whole)) this.leave('template', [start, end]);
      return true;
    }
    if (!this.isKustomization && !looksLikeManifest(whole)) return true;
    if (composed.state === 'too-deep') {
      this.leave('too-large', [start, end]);
      this.tell(
        'too-deep',
        `The document nests deeper than ${MAX_DEPTH} levels and was not checked: no Kubernetes object does`,
        shift(composed.range, base),
      );
      return true;
    }
    this.leave('broken', [start, end]);
    if (!this.mayTell('broken-yaml')) return true;
    const { reason, range } = composed.problem();
    this.tell(
      'broken-yaml',
      `The YAML cannot be read: ${reason}; nothing of this document was checked`,
      shift(range, base, base + content.length),
    );
    return true;
  }

  private tooLarge({ start }: Document, what: string): void {
    this.leave('too-large', [start, this.text.length]);
    this.tell(
      'too-large',
      `The file ${what}; the rest of it was not checked: split it, or ignore it in the policy file`,
      [start, start],
    );
  }

  private leave(why: UnreadFacts['why'], range: Range): void {
    this.unread.push({ kinds: kindsNamed(this.text.slice(range[0], range[1])), why, range });
  }

  private mayTell(id: string): boolean {
    return this.notifications.filter((told) => told.id === id).length < MAX_ALIKE;
  }

  private tell(id: string, message: string, range: Range): void {
    if (!this.mayTell(id)) return;
    this.notifications.push({ level: 'warning', id, message, path: this.path, range });
  }

  duplicateKey(key: string, range: Range): void {
    if (range[0] < this.mergedUntil) return;
    if ((key === 'apiVersion' || key === 'kind') && startsLine(this.text, range[0])) {
      const next = this.text.indexOf('\n---', range[0]);
      this.mergedUntil = next === -1 ? this.text.length : next;
      const message =
        'A second object starts here without a --- line in front of it and the cluster sees only this one: add the line';
      this.tell('duplicate-key', message, range);
      return;
    }
    const message = `${keyInWords(key)} stands twice in one map and the cluster takes the last one: remove the other`;
    this.tell('duplicate-key', message, range);
  }

  unresolvedAlias(_name: string, range: Range): void {
    const message =
      'The alias names an anchor that this document does not have, the cluster rejects it: define the anchor above';
    this.tell('unresolved-alias', message, range);
  }
}

/** Is this the kustomization of a folder, and not an object of the same kind (Flux)? */
function isBuild(node: MapNode): boolean {
  const apiVersion = fieldOf(node, 'apiVersion');
  if (apiVersion?.kind !== 'scalar' || typeof apiVersion.value !== 'string')
    return fieldOf(node, 'kind') === undefined || apiVersion === undefined;
  return groupOf(apiVersion.value) === 'kustomize.config.k8s.io';
}

/** Is this the configuration of a transformer or generator that Kustomize has built in? */
function isTransformer(node: MapNode): boolean {
  const apiVersion = fieldOf(node, 'apiVersion');
  return apiVersion?.kind === 'scalar' && apiVersion.value === BUILT_IN;
}

/** The template that `helm template` names in the comment above an object. */
function renderedFrom(content: string): string | undefined {
  for (let line = 0; line < content.length; ) {
    const lineFeed = content.indexOf('\n', line);
    const next = lineFeed === -1 ? content.length : lineFeed + 1;
    const text = content.slice(line, next).trim();
    if (text !== '' && !text.startsWith('#')) return undefined;
    const source = /^# Source: (\S.*)$/.exec(text)?.[1];
    if (source !== undefined) return source;
    line = next;
  }
  return undefined;
}

/** From the first to the last character that is neither blank nor in a line of comments. */
function contentRange(text: string, start: number, end: number): Range {
  const isContent = (line: string) => line.trim() !== '' && !line.trimStart().startsWith('#');
  let first = start;
  while (first < end) {
    const lineFeed = text.indexOf('\n', first);
    const next = lineFeed === -1 || lineFeed >= end ? end : lineFeed + 1;
    if (isContent(text.slice(first, next))) break;
    first = next;
  }
  let last = end;
  while (last > first) {
    const line = text.lastIndexOf('\n', last - 1) + 1;
    const from = Math.max(line, first);
    if (isContent(text.slice(from, last))) {
      last = from + text.slice(from, last).trimEnd().length;
      break;
    }
    last = from === last ? last - 1 : Math.max(from - 1, first);
  }
  return [first, last];
}

function shift([start, end]: Range, by: number, limit = Number.POSITIVE_INFINITY): Range {
  return [Math.min(start + by, limit), Math.min(end + by, limit)];
}
