/** Charts that pipelines, scripts, helmfiles and skaffold install, with the values that they give them. */
import type { ChartInstallation, ChartSetting, Node, SourceFile } from '../../facts.ts';
import type { Range } from '../../location.ts';
import { type Command, commandsOf, wordsOf } from './commands.ts';
import { compose, MAX_TOKENS } from './compose.ts';
import { nodeOf } from './nodes.ts';
import { fieldOf } from './resources.ts';

const HELMFILE = /(?:^|\/)(?:helmfile[^/]*|helmfile\.d\/[^/]*)\.ya?ml$/;
const SKAFFOLD = /(?:^|\/)skaffold[^/]*\.ya?ml$/;
const INSTALL = /\bhelm(?:3|file)?[ \t]+(?:[-\w=./]+[ \t]+){0,6}?(?:upgrade|install)\b/g;

/** The charts that a file installs. */
export function installationsOf(
  { path, text }: SourceFile,
  hasCommands: boolean,
): readonly ChartInstallation[] {
  if (HELMFILE.test(path)) return fromHelmfile(path, text);
  if (SKAFFOLD.test(path)) return fromSkaffold(path, text);
  if (!hasCommands || !text.includes('helm')) return [];
  return commandsOf(text, INSTALL).flatMap((command) => fromCommand(path, command) ?? []);
}

/** Something computes it before it is used. */
const COMPUTED = /\$|\{\{|`|<%/;

function known(word: string | undefined): string | undefined {
  return word === undefined || word === '' || COMPUTED.test(word) ? undefined : word;
}

/** Flags of `helm upgrade` and `helm install` that stand alone. */
const SWITCHES =
  /^--(?:install|atomic|wait|wait-for-jobs|debug|dry-run|force|create-namespace|dependency-update|reset-values|reuse-values|cleanup-on-fail|no-hooks|skip-crds|devel|disable-openapi-validation|enable-dns|render-subchart-notes|generate-name|hide-secret|insecure-skip-tls-verify|pass-credentials|plain-http|replace|reset-then-reuse-values|skip-schema-validation|take-ownership|verify|hide-notes|dependency-update)$|^-[ig]+$/;

function fromCommand(path: string, command: Command): ChartInstallation | undefined {
  const words = wordsOf(command, 0);
  const verb = words.findIndex(({ word }) => word === 'upgrade' || word === 'install');
  const positional: string[] = [];
  const valuesFiles: string[] = [];
  const settings: ChartSetting[] = [];
  let namespace: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const found = words[i];
    if (found === undefined) break;
    const bare = unquoted(found.word);
    if (!bare.startsWith('-')) {
      if (i > verb && bare !== '') positional.push(bare);
      continue;
    }
    if (SWITCHES.test(bare)) continue;
    const equals = bare.indexOf('=');
    const flag = equals === -1 ? bare : bare.slice(0, equals);
    const next = equals === -1 ? words[++i] : undefined;
    const value = unquoted(next?.word ?? bare.slice(equals + 1));
    const at = next?.at ?? found.at + equals + 1;
    const range: Range = [at, at + value.length];
    if (flag === '-f' || flag === '--values') valuesFiles.push(...value.split(','));
    else if (flag === '--set' || flag === '--set-string')
      settings.push(...settingsIn(value, range, flag === '--set-string'));
    else if (flag === '--set-json' || flag === '--set-file' || flag === '--set-literal') {
      const key = value.slice(0, Math.max(0, value.indexOf('=')));
      if (key !== '') settings.push({ key, isText: false, range });
    } else if (flag === '-n' || flag === '--namespace') namespace = known(value);
  }
  const isUpgrade = words[verb]?.word === 'upgrade' || positional.length > 1;
  const chart = positional[isUpgrade ? 1 : 0];
  if (chart === undefined) return undefined;
  const release = isUpgrade ? known(positional[0]) : undefined;
  return {
    chart,
    ...(release === undefined ? {} : { release }),
    ...(namespace === undefined ? {} : { namespace }),
    valuesFiles,
    settings,
    by: path,
    range: [command.start, command.start + command.text.trimEnd().length],
  };
}

function unquoted(word: string): string {
  return word.replaceAll(/["']/g, '');
}

/** `a=1,b.c=x`: helm's own syntax, of which lists in braces and computed keys are left unknown. */
function settingsIn(text: string, range: Range, isText: boolean): readonly ChartSetting[] {
  const settings: ChartSetting[] = [];
  for (const part of text.split(/(?<!\\),(?![^{]*\})/)) {
    const equals = part.indexOf('=');
    if (equals <= 0) continue;
    const key = part.slice(0, equals);
    if (COMPUTED.test(key)) continue;
    const written = part.slice(equals + 1);
    const isKnown = !COMPUTED.test(written) && !written.startsWith('{');
    settings.push({ key, isText, range, ...(isKnown ? { value: written } : {}) });
  }
  return settings;
}

/** The roots of a YAML file that is no manifest; none where it cannot be read. */
function rootsOf(text: string): readonly Node[] {
  const silent = { duplicateKey() {}, unresolvedAlias() {} };
  return compose(text, { tokens: MAX_TOKENS }).flatMap((composed) =>
    composed.state === 'read' && composed.contents !== null
      ? [nodeOf(composed.contents, { text, base: 0, literal: true }, silent)]
      : [],
  );
}

function child(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  let found = node;
  for (const key of keys) found = found?.kind === 'map' ? fieldOf(found, key) : undefined;
  return found;
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'sequence' ? node.items : [];
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

const ENVIRONMENT = /\{\{-?\s*\.Environment\.Name\s*-?\}\}/g;

function fromHelmfile(path: string, text: string): readonly ChartInstallation[] {
  const roots = rootsOf(text);
  const names = roots.flatMap((root) => {
    const environments = child(root, 'environments');
    return environments?.kind === 'map' ? environments.entries.map(({ key }) => key) : [];
  });
  const environments = names.length === 0 ? ['default'] : names;
  return roots.flatMap((root) =>
    itemsOf(child(root, 'releases')).flatMap((release) => {
      const chart = textOf(child(release, 'chart'));
      if (chart === undefined) return [];
      const values = itemsOf(child(release, 'values'));
      const written = values.flatMap((one) => textOf(one) ?? []);
      const inPlace = values.find((one) => one.kind === 'map');
      // A map in place may stand in front of a file; together their order cannot be told here.
      const isMixed = inPlace !== undefined && values.length > 1;
      const isPerEnvironment = written.some((one) => one.search(ENVIRONMENT) !== -1);
      return (isPerEnvironment ? environments : [undefined]).map((environment) => ({
        chart,
        ...optional('release', known(textOf(child(release, 'name')))),
        ...optional('namespace', known(textOf(child(release, 'namespace')))),
        valuesFiles: isMixed
          ? ['{{ mixed }}']
          : written.map((one) => one.replaceAll(ENVIRONMENT, environment ?? '')),
        ...(inPlace?.kind === 'map' ? { values: inPlace } : {}),
        settings: itemsOf(child(release, 'set')).flatMap((one) => {
          const key = textOf(child(one, 'name'));
          return key === undefined ? [] : [settingOf(key, child(one, 'value'))];
        }),
        by: path,
        range: release.range,
      }));
    }),
  );
}

function optional<K extends 'release' | 'namespace'>(
  key: K,
  value: string | undefined,
): { readonly [k in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [k in K]?: string });
}

function settingOf(key: string, node: Node | undefined): ChartSetting {
  const range: Range = node?.range ?? [0, 0];
  if (node?.kind !== 'scalar' || node.value === null) return { key, isText: false, range };
  const value = String(node.value);
  const isText = typeof node.value === 'string';
  return { key, isText, range, ...(COMPUTED.test(value) ? {} : { value }) };
}

function fromSkaffold(path: string, text: string): readonly ChartInstallation[] {
  return rootsOf(text).flatMap((root) => {
    const profiles = itemsOf(child(root, 'profiles'));
    const places = [root, ...profiles].flatMap((node) => [
      child(node, 'deploy', 'helm', 'releases'),
      child(node, 'manifests', 'helm', 'releases'),
    ]);
    return places.flatMap(itemsOf).flatMap((release) => {
      const chart = textOf(child(release, 'chartPath'));
      if (chart === undefined) return [];
      const values = child(release, 'overrides');
      const set = ['setValues', 'setValueTemplates'].flatMap((key) => {
        const map = child(release, key);
        return map?.kind === 'map' ? map.entries : [];
      });
      return [
        {
          chart,
          ...optional('release', known(textOf(child(release, 'name')))),
          ...optional('namespace', known(textOf(child(release, 'namespace')))),
          valuesFiles: itemsOf(child(release, 'valuesFiles')).flatMap((one) => textOf(one) ?? []),
          ...(values?.kind === 'map' ? { values } : {}),
          settings: set.map((entry) => settingOf(entry.key, entry.value)),
          by: path,
          range: release.range,
        },
      ];
    });
  });
}
