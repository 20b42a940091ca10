/**
 * Our objects and those of `kustomize build`, for every kustomization below a folder that kustomize builds without the network.
 * Its program is named by CHAOSLINT_KUSTOMIZE or found on the PATH. Alone: `node --import tsx scripts/oracle/kustomize.ts DIR...`,
 * with `--list` for every difference.
 */
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { extractManifest, extractWhole } from '../../src/extract/kubernetes/extract.ts';
import type { FileFacts, Node } from '../../src/facts.ts';
import type { BuiltObject } from '../../src/model/link/built.ts';
import { kustomizationsOf, overlaysOf } from '../../src/model/link/kustomize/kustomize.ts';
import {
  type Comparison,
  compareObjects,
  type Difference,
  identityOf,
  isUntold,
  type Manifest,
  type Oracle,
  placesOf,
  UNKNOWN,
} from './manifests.ts';

const SKIPPED = /(?:^|\/)(?:node_modules|\.git)(?:\/|$)/;
const MANIFEST = /\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/;
const LARGEST = 8 * 1024 * 1024;

/** Nothing is fetched: there is no git to run, and no proxy answers. */
const OFFLINE = {
  PATH: '',
  HOME: '/nonexistent',
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
};

/** Why kustomize cannot build something here that has nothing to do with us. */
const NEEDS_NETWORK = /proxyconnect|127\.0\.0\.1:9|no 'git' program|git.*executable file not found/;
const NEEDS_PLUGIN = /--enable-helm|must specify --enable|external plugins disabled|plugin/i;

function isProgram(path: string): boolean {
  try {
    return lstatSync(path).isFile() || lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function find(): string | undefined {
  const named = process.env.CHAOSLINT_KUSTOMIZE;
  if (named !== undefined) return isProgram(named) ? named : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'kustomize')).find(isProgram);
}

function pathsBelow(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !SKIPPED.test(path))
    .sort();
}

/** What a file holds, as bytes when it is no UTF-8; undefined for folders and large files. */
function contentOf(path: string): string | Uint8Array | undefined {
  let bytes: Uint8Array;
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > LARGEST) return undefined;
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

/** A node as data. Words that only YAML 1.1 takes for booleans are texts, as Kustomize has them. */
function dataOf(node: Node): unknown {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, dataOf(value)]));
    case 'sequence':
      return node.items.map(dataOf);
    case 'unknown':
      return UNKNOWN;
    case 'scalar':
      return typeof node.value === 'boolean' && !/^(?:true|false)$/i.test(node.text)
        ? node.text
        : node.value;
  }
}

function isRecord(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `buildMetadata` adds says how something was built, and is not built by us. */
const BUILD_METADATA = /^(?:alpha\.)?config\.kubernetes\.io\/(?:origin|transformations)$/;

function withoutBuildMetadata(data: Manifest): Manifest {
  const { metadata } = data;
  if (!isRecord(metadata)) return data;
  const { labels, annotations } = metadata;
  const without = (pairs: unknown, isOwn: (key: string, value: unknown) => boolean) => {
    if (!isRecord(pairs)) return pairs;
    const kept = Object.entries(pairs).filter(([key, value]) => !isOwn(key, value));
    return kept.length === 0 && Object.keys(pairs).length > 0
      ? undefined
      : Object.fromEntries(kept);
  };
  const isManagedBy = (key: string, value: unknown) =>
    key === 'app.kubernetes.io/managed-by' && String(value).startsWith('kustomize-');
  return {
    ...data,
    metadata: {
      ...metadata,
      labels: without(labels, isManagedBy),
      annotations: without(annotations, (key) => BUILD_METADATA.test(key)),
    },
  };
}

function manifest(body: Node | undefined): readonly Manifest[] {
  const data = body === undefined ? undefined : dataOf(body);
  return isRecord(data) ? [withoutBuildMetadata(data)] : [];
}

/** What kustomize prints, or why it prints nothing. */
function built(program: string, folder: string): { text: string } | { error: string } {
  try {
    const text = execFileSync(
      program,
      ['build', '--load-restrictor', 'LoadRestrictionsNone', folder],
      { encoding: 'utf8', env: OFFLINE, maxBuffer: 1 << 28, stdio: 'pipe', timeout: 120_000 },
    );
    return { text };
  } catch (error) {
    const said = isRecord(error) ? error.stderr : undefined;
    const lines = String(said ?? error).split('\n');
    const wrong = lines.find((line) => line.startsWith('Error:')) ?? lines.at(0) ?? '';
    if (NEEDS_NETWORK.test(wrong)) return { error: 'it needs the network' };
    if (NEEDS_PLUGIN.test(wrong)) return { error: 'it needs plug-ins or charts' };
    return { error: wrong.slice(-200) };
  }
}

/** A hash that Kustomize puts behind the name of what it generates. */
const HASH = /-[2456789bcdfghkmt]{10}$/;

/**
 * What a run of chaoslint knows: without the texts of other files, and with placeholders. All that it says must be so; that it
 * does not say something is no difference. A name of something that is generated of unread files lacks its hash on both sides.
 */
function falselyKnown(
  ours: readonly BuiltObject[],
  theirs: readonly Manifest[],
): readonly Difference[] {
  const withoutHash = (text: unknown) => (typeof text === 'string' ? text.replace(HASH, '') : text);
  const byName = new Map<string, Manifest[]>();
  for (const object of theirs) {
    const name = String(withoutHash(identityOf(object)));
    byName.set(name, [...(byName.get(name) ?? []), object]);
  }
  return ours.flatMap(({ body }): readonly Difference[] => {
    const [own] = manifest(body);
    if (own === undefined || JSON.stringify(own.metadata ?? null).includes(UNKNOWN)) return [];
    const candidates = byName.get(String(withoutHash(identityOf(own)))) ?? [];
    const all = candidates.map((other) =>
      placesOf(own, other).filter(
        (place) => !isUntold(place) && withoutHash(place.theirs) !== withoutHash(place.ours),
      ),
    );
    const [places] = all.sort((a, b) => a.length - b.length);
    if (places === undefined) return [{ cause: 'falsely known object', detail: identityOf(own) }];
    const [first] = places;
    if (first === undefined) return [];
    const detail = `${identityOf(own)} ${first.path}: ours ${JSON.stringify(first.ours ?? null)}, theirs ${JSON.stringify(first.theirs ?? null)}`;
    return [{ cause: 'falsely known', detail: detail.slice(0, 300) }];
  });
}

function* compare(root: string, program: string): Iterable<Comparison> {
  const all = pathsBelow(root);
  const read = (extract: typeof extractWhole, paths: readonly string[]): readonly FileFacts[] =>
    paths
      .filter((path) => MANIFEST.test(path))
      .flatMap((path) => {
        const text = contentOf(join(root, path));
        return typeof text !== 'string'
          ? []
          : [extract({ path, text: text.replace(/^\ufeff/, '') })];
      });
  const known = read(extractManifest, all);
  // Parsing whole definitions of resources costs minutes, so only what kustomizations name is.
  const { claimed } = kustomizationsOf(known);
  const named = read(
    extractWhole,
    all.filter((path) => claimed.has(path)),
  );
  const whole = overlaysOf(named, { content: (path) => contentOf(join(root, path)) });
  const usual = overlaysOf(known);
  for (const directory of whole.directories) {
    const name = directory === '' ? '.' : directory;
    const theirs = built(program, join(root, directory));
    if ('error' in theirs) {
      const nothing = { objects: 0, equal: 0, chance: 0, differences: [], unsupported: [] };
      yield { name, ...nothing, theirError: theirs.error };
      continue;
    }
    const { resources } = extractWhole({ path: 'built.yaml', text: theirs.text });
    const manifests = resources.flatMap(({ body }) => manifest(body));
    const own = whole.build(directory);
    const compared = compareObjects(
      own.objects.flatMap(({ body }) => manifest(body)),
      manifests,
    );
    const wrong = falselyKnown(usual.build(directory).objects, manifests);
    yield {
      name,
      ...compared,
      differences: [...compared.differences, ...wrong],
      unsupported: own.openBecause === undefined ? [] : [own.openBecause],
    };
  }
}

export const kustomize: Oracle = { tool: 'kustomize', find, compare };

function main(): void {
  const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const isListed = process.argv.includes('--list');
  const line = (text: string) => process.stdout.write(`${text}\n`);
  const program = find();
  if (program === undefined) {
    line('kustomize is not on this machine: nothing compared');
    return;
  }
  const totals = { built: 0, same: 0, refused: 0, objects: 0, equal: 0 };
  const causes = new Map<string, number>();
  for (const folder of folders)
    for (const one of compare(resolve(folder), program)) {
      if (one.theirError !== undefined) {
        totals.refused++;
        causes.set(
          `not built by it: ${/it needs.*/.exec(one.theirError)?.[0] ?? 'an error'}`,
          (causes.get(`not built by it: ${/it needs.*/.exec(one.theirError)?.[0] ?? 'an error'}`) ??
            0) + 1,
        );
        if (isListed) line(`${folder}/${one.name}: not built by it: ${one.theirError}`);
        continue;
      }
      totals.built++;
      totals.objects += one.objects;
      totals.equal += one.equal;
      if (one.differences.length === 0) {
        totals.same++;
        continue;
      }
      line(
        `${folder}/${one.name}: ${one.equal} of ${one.objects} equal; ${one.unsupported.join('; ')}`,
      );
      const shown = isListed ? one.differences : one.differences.slice(0, 4);
      for (const { cause, detail } of shown) line(`  ${cause} ${detail}`);
      for (const { cause } of one.differences) causes.set(cause, (causes.get(cause) ?? 0) + 1);
    }
  for (const [cause, count] of causes) line(`${count} ${cause}`);
  const share = totals.objects === 0 ? 100 : (100 * totals.equal) / totals.objects;
  line(
    `kustomizations: ${totals.same} of ${totals.built} equal, ${totals.refused} not built by it`,
  );
  line(`objects: ${totals.equal} of ${totals.objects} equal (${share.toFixed(2)} %)`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
