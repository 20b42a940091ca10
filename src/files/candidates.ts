/** Which files a run looks at, and which of them are left out: told by their names. */
import { projectFileKind } from '../extract/project/candidates.ts';
import { isNotRead } from './not-read.ts';

const EXTENSION = /\.(?:ya?ml|json)$/i;

/** Files without such an extension that build, deploy or hold a kustomization. */
const OTHER = /(?:^|\/)(?:Tiltfile|Jenkinsfile|(?:GNUm|M|m)akefile|Kustomization|[^/]*\.sh)$/;

/** Files with such an extension that other tools write or own; never read. */
const NEVER =
  /(?:^|\/)(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-(?:lock|workspace)\.yaml|composer\.(?:json|lock)|(?:ts|js)config(?:\.[^/]*)?\.json|(?:openapi|swagger)(?:\.[^/]*)?\.json|\.chaoslint\.(?:ya?ml|json)|[^/]*\.min\.json)$/i;

/** Names of folders whose files are examples, tests or somebody else's. */
const LEFT_OUT =
  /^(?:tests?|testdata|e2e|__tests__|fixtures|node_modules|vendor|examples?|samples?|(?:sample|example)s?[-_](?:manifest|deployment|config|k8s|kubernetes|yaml)s?|(?:manifest|k8s|kubernetes)s?[-_](?:sample|example)s?)$/i;
/** A cheap first look: nearly all paths end here. */
const PERHAPS_LEFT_OUT =
  /(?:^|\/)(?:tests?|testdata|e2e|__tests__|fixtures|node_modules|vendor|charts)\/|examples?|samples?/i;

const NO_CHARTS: ReadonlySet<string> = new Set();

/** Files that matter within a Helm chart only: partial templates, archives of other charts, data for `.Files`. */
const CHART_FILE =
  /(?:^|\/)(?:\.helmignore|Chart\.lock|[^./]+)$|\.(?:tpl|tgz|tmpl|gotmpl|txt|conf|cfg|cnf|ini|toml|properties|env|sql|lua|xml|html|css|rego|hcl|alloy|river|rules|avsc|proto|py|rb|pl|cue|crt|pem|key|md)$/i;

/** Program text: what the TypeScript engine reads. Declarations hold no code. */
const CODE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const NO_CODE = /\.d\.[cm]?ts$|\.min\.[cm]?js$/;

/** True for files with program text. */
export function isCode(path: string): boolean {
  return CODE.test(path) && !NO_CODE.test(path);
}

/** True when a run looks at a file of this name at all. */
export function isCandidate(path: string): boolean {
  return (
    isManifestCandidate(path) ||
    isCode(path) ||
    projectFileKind(path) !== undefined ||
    isChartFile(path) ||
    isNotRead(path)
  );
}

/** True when a change of this file can change what is found: a README or a picture cannot. */
export function canMatter(path: string): boolean {
  return (
    isManifestCandidate(path) ||
    isCode(path) ||
    projectFileKind(path) !== undefined ||
    /(?:^|\/)(?:\.helmignore|\.chaoslint\.json|chaoslint-baseline\.json|package\.json)$|\.(?:tpl|tgz)$/.test(
      path,
    )
  );
}

/** True for a file that matters when it lies in a chart, and nowhere else. */
export function isChartFile(path: string): boolean {
  return CHART_FILE.test(path);
}

/** True when a file of this name may be a manifest, a chart, a kustomization, a compose file, a pipeline or a script. */
export function isManifestCandidate(path: string): boolean {
  return (EXTENSION.test(path) && !NEVER.test(path)) || isScript(path);
}

/** True for scripts, build files and the like outside of folders that are left out. */
function isScript(path: string): boolean {
  return OTHER.test(path) && leftOutSegments(path, NO_CHARTS).length === 0;
}

/** True for `.json`, which counts only when its text names an apiVersion and a kind. */
export function isJson(path: string): boolean {
  return /\.json$/i.test(path);
}

/**
 * Says which segments of a path make its file left out, by index: folders of tests, examples and vendored code,
 * and `charts/x` below a chart. Empty for nearly all files.
 * @param charts the folders of this root that hold a Chart.yaml, relative to it ('' is the root)
 */
export function leftOutSegments(path: string, charts: ReadonlySet<string>): readonly number[] {
  if (!PERHAPS_LEFT_OUT.test(path)) return [];
  const names = path.split('/');
  const found: number[] = [];
  for (let i = 0; i < names.length - 1; i++) {
    const name = names[i] ?? '';
    if (LEFT_OUT.test(name)) found.push(i);
    else if (name === 'charts' && i < names.length - 2) {
      if (charts.has(names.slice(0, i).join('/'))) found.push(i);
    }
  }
  return found;
}

/** The folders that hold a Chart.yaml, out of all files of a root. */
export function chartFolders(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    if (path === 'Chart.yaml') folders.add('');
    else if (path.endsWith('/Chart.yaml')) folders.add(path.slice(0, -'/Chart.yaml'.length));
  }
  return folders;
}
