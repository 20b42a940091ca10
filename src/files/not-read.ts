/** Files that make Kubernetes objects and are no YAML: named once a kind, because what they make is not checked. */
import type { Notification } from '../facts.ts';

interface Kind {
  readonly name: string;
  readonly test: RegExp;
  /** What a person does to have it checked. */
  readonly remedy: string;
}

const RENDER = 'render them and pipe the result to chaoslint -';

const LANGUAGES: readonly Kind[] = [
  { name: 'Jsonnet', test: /\.(?:jsonnet|libsonnet)$/i, remedy: RENDER },
  { name: 'CUE', test: /(?<!(?:^|\/)cue\.mod\/.*)\.cue$/i, remedy: RENDER },
  { name: 'Dhall', test: /\.dhall$/i, remedy: RENDER },
  { name: 'Jinja', test: /\.(?:ya?ml|json)\.(?:j2|jinja2?)$/i, remedy: RENDER },
  { name: 'ERB', test: /\.(?:ya?ml|json)\.erb$/i, remedy: RENDER },
  { name: 'template', test: /\.(?:ya?ml|json)\.(?:tmpl|gotmpl|tpl|template)$/i, remedy: RENDER },
];

const PROGRAMS: readonly Kind[] = [
  {
    name: 'cdk8s',
    test: /(?:^|\/)cdk8s\.ya?ml$/,
    remedy: 'run cdk8s synth and name the folder that it writes',
  },
  { name: 'Pulumi', test: /(?:^|\/)Pulumi\.ya?ml$/, remedy: 'name manifests that it renders' },
  { name: 'AWS CDK', test: /(?:^|\/)cdk\.json$/, remedy: 'name manifests that it applies' },
];

/** True for a file that makes objects and is not read. */
export function isNotRead(path: string): boolean {
  return [...LANGUAGES, ...PROGRAMS].some(({ test }) => test.test(path));
}

/** Notifications about such files among `paths`, one a kind. The order of the paths does not matter. */
export function notRead(paths: readonly string[]): readonly Notification[] {
  const first = (found: readonly string[]) => [...found].sort()[0] ?? '';
  const tell = (path: string, message: string): Notification => ({
    level: 'note',
    id: 'not-read',
    path,
    message,
  });
  const languages = LANGUAGES.flatMap(({ name, test, remedy }) => {
    const found = paths.filter((path) => test.test(path));
    if (found.length === 0) return [];
    const files = `${found.length} ${name} file${found.length === 1 ? ' is' : 's are'}`;
    return [tell(first(found), `${files} not read, since only YAML is: ${remedy}`)];
  });
  const programs = PROGRAMS.flatMap(({ name, test, remedy }) => {
    const found = paths.filter((path) => test.test(path));
    if (found.length === 0) return [];
    const what = `The ${name} program is not run, so the objects that it makes are not checked`;
    return [tell(first(found), `${what}: ${remedy}`)];
  });
  return [...languages, ...programs];
}
