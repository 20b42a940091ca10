/**
 * Facts: what one file says, as plain JSON. File-local, no verdict, no configuration, no disk.
 * The same text always gives the same facts, so facts can be cached, sent between threads and merged.
 */
import type { Range, SourceMap } from './location.ts';

/** One file as the files layer hands it over. */
export interface SourceFile {
  /** Path with forward slashes, relative to the base of the run; `<stdin>` for standard input. */
  readonly path: string;
  readonly text: string;
}

/** A file of a Helm chart: a template, values, an archive of another chart, data for `.Files`. */
export interface ChartFile {
  /** As in `SourceFile`. */
  readonly path: string;
  /** Bytes only where it is no text. */
  readonly data: string | Uint8Array;
}

/** A YAML or JSON value with its place. Aliases and merge keys are already resolved. */
export type Node = ScalarNode | MapNode | SequenceNode | UnknownNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  /** The value as kubectl's parser sees it (sigs.k8s.io/yaml: YAML 1.1 booleans, no sexagesimals, no dates). */
  readonly value: string | number | boolean | null;
  /** The source text of the scalar, as written (quotes included). */
  readonly text: string;
  readonly range: Range;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  /** Why it may have entries that are not told: those of a template whose condition is unknown. */
  readonly open?: string;
  readonly range: Range;
}

export interface MapEntry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: Node;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly Node[];
  readonly range: Range;
}

/** Something stands here and cannot be told from this file: a placeholder, a patched field, a cut alias. */
export interface UnknownNode {
  readonly kind: 'unknown';
  readonly why: string;
  readonly range: Range;
  /** The text of a placeholder, as a tool that fills in others sees it. */
  readonly text?: string;
}

/** One Kubernetes object of one document. */
export interface ResourceFacts {
  /** `group/version` or `version`; '' when the document does not say. */
  readonly apiVersion: string;
  readonly resourceKind: string;
  /** metadata.name; undefined when absent or unknown (a placeholder). */
  readonly name?: string;
  /** metadata.namespace; undefined when absent. A placeholder namespace sets `namespaceUnknown`. */
  readonly namespace?: string;
  readonly namespaceUnknown?: true;
  /** The whole object. Absent for kinds of which only the header matters (`isModelled` is false): cheap. */
  readonly body?: MapNode;
  /** The place of the value of `kind`. */
  readonly kindRange: Range;
  /** From the first to the last character of the object. */
  readonly range: Range;
  /** Template path of a preceding `# Source:` comment. */
  readonly renderedFrom?: string;
}

/** A piece of a file that holds an object nobody could read: a template, a broken document. */
export interface UnreadFacts {
  /** Kinds named by its text (`kind: X` lines), so that absence is not claimed of what may stand there. */
  readonly kinds: readonly string[];
  readonly why: 'template' | 'broken' | 'too-large' | 'chart';
  readonly range: Range;
}

/** Something about a file that a person must be told; never a finding. */
export interface Notification {
  readonly level: 'error' | 'warning' | 'note';
  /** Kebab-case, stable: `broken-yaml`, `too-deep`, `template-not-rendered`, `file-too-large`... */
  readonly id: string;
  /** One line: what is wrong and what to do. */
  readonly message: string;
  readonly path?: string;
  readonly range?: Range;
}

/** A silencing comment, as written. Whether its rules exist is not a fact. */
export interface Directive {
  /** `enable` is here only when it ends no `disable`. */
  readonly form: 'next-line' | 'line' | 'disable' | 'enable';
  readonly rules: readonly string[];
  /** Text after `--`, trimmed; '' when none. */
  readonly reason: string;
  readonly range: Range;
  /** 1-based line that it silences; of a block the first one. */
  readonly line: number;
  /** The last line of a block, 1-based. */
  readonly lastLine?: number;
}

/** What a file that builds, deploys or tests things says: a CI workflow, skaffold, a Tiltfile, a script. */
export interface AutomationFacts {
  /** Images to which it gives another tag when it deploys them. */
  readonly imageReplacements: readonly ImageReplacement[];
  /** Places where it runs chaos experiments: `kubectl apply` of a chaos manifest, litmusctl. */
  readonly experimentRuns: readonly Range[];
  /** Charts that it installs. */
  readonly installations?: readonly ChartInstallation[];
  /** Images that it builds. */
  readonly imageBuilds?: readonly ImageBuildFacts[];
}

/** A build of an image, as a command, a step of a pipeline or a Tiltfile writes it. */
export interface ImageBuildFacts {
  /** Its name with tag, as written; variables that the same file sets are filled in. */
  readonly image: string;
  /** Paths are relative to the folder that the command runs in, which may be the root or the folder of the file. */
  readonly context?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  /** Where the command changes to before. */
  readonly folder?: string;
  /** Who builds it, for messages. */
  readonly by: string;
  readonly range: Range;
}

/** A chart that something installs: a line `helm upgrade`, a release of a helmfile, of skaffold, of Argo CD, of Flux. */
export interface ChartInstallation {
  /** The chart as written: a path relative to the file or to where the command runs. */
  readonly chart: string;
  /** Undefined when it is not said, or computed. */
  readonly release?: string;
  readonly namespace?: string;
  /** Paths of values files as written; a path that cannot be read is the text that stands there. */
  readonly valuesFiles: readonly string[];
  /** Values that are written in place. */
  readonly values?: MapNode;
  /** Single values, in order. */
  readonly settings: readonly ChartSetting[];
  /** Who does it, for names of contexts: `helmfile.yaml`. */
  readonly by: string;
  readonly range: Range;
}

/** `--set a.b=c`, a parameter of Argo CD, an entry of `setValues`. */
export interface ChartSetting {
  /** `image.tag`, `hosts[0].name`. */
  readonly key: string;
  /** As written; undefined when it is computed (`$TAG`). */
  readonly value?: string;
  /** It is text whatever it looks like. */
  readonly isText: boolean;
  readonly range: Range;
}

export interface ImageReplacement {
  /** Without tag and digest, as written; `*` when it names none that can be read. */
  readonly image: string;
  /** Who does it, for messages: `skaffold`, `kubectl set image in .github/workflows/deploy.yml`. */
  readonly by: string;
  readonly range: Range;
}

/** That facts are those of a template of a chart, rendered with one set of values. */
export interface Rendering {
  /** The folder of the chart. */
  readonly chart: string;
  /** The name of the context: the chart, and its values when there are several sets. */
  readonly context: string;
  /** What names the environment: the folder of the chart and of its values, and their names. */
  readonly environment: string;
  /** Why pods or objects may be there that the rendering does not show. */
  readonly openBecause?: string;
  /** The name of the release that names of objects begin with. */
  readonly release: string;
  /** The release has a name that nobody gave: names that hold it are known within the chart only. */
  readonly isNameGuessed: boolean;
  /** The name of the chart; objects go by it wherever the chart is installed. */
  readonly chartName: string;
  /** The namespace that the installation gives. */
  readonly namespace?: string;
}

/** YAML that stands as a text in a kustomization: an inline patch or transformer. */
export interface EmbeddedYaml {
  /** The scalar that holds it. */
  readonly range: Range;
  /** Its documents, each at its places in the file. */
  readonly documents: readonly Node[];
}

/** All that one file says. */
export interface FileFacts {
  readonly path: string;
  /** Of the text of `path`; of a rendered text `map` says where it comes from. */
  readonly lineStarts: readonly number[];
  /** Of a rendered text, whose offsets the facts have. */
  readonly map?: SourceMap;
  readonly rendered?: Rendering;
  readonly resources: readonly ResourceFacts[];
  /** kustomization.yaml files; at most one a file. */
  readonly kustomization?: MapNode;
  /** The operations of a JSON patch (RFC 6902) that the file consists of: maps with `op` and `path`. */
  readonly jsonPatch?: SequenceNode;
  /** Texts of a kustomization, or of a built-in transformer, that are YAML themselves. */
  readonly embedded?: readonly EmbeddedYaml[];
  /** The documents of a file that holds no object and that Kustomize reads: field specifications, replacements, patches. */
  readonly kustomizeInput?: readonly Node[];
  readonly automation?: AutomationFacts;
  readonly unread: readonly UnreadFacts[];
  readonly directives: readonly Directive[];
  readonly notifications: readonly Notification[];
}
