/**
 * `npm run oracle -- DIR...`: do we build the same objects as `helm template` and `kustomize build`? Every chart and every
 * kustomization below the folders is built by both and compared as data, order aside. Prints what differs, by cause, what we do not
 * support, and the share of equal objects. `--list` prints every difference, `--only helm` asks one tool.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { helm } from './oracle/helm.ts';
import { kustomize } from './oracle/kustomize.ts';
import type { Comparison, Oracle } from './oracle/manifests.ts';

const ORACLES: readonly Oracle[] = [helm, kustomize];

const line = (text = '') => process.stdout.write(`${text}\n`);

function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([word, count]) => `${word} ${count}`).join(', ');
}

function tell(comparison: Comparison, listed: boolean): void {
  const { name, objects, equal, chance, differences, theirError, ourError } = comparison;
  if (theirError !== undefined) {
    const ours = ourError === undefined ? 'we do' : `we neither: ${ourError}`;
    line(`  ${name}: not built by it: ${theirError} (${ours})`);
    return;
  }
  const error = ourError === undefined ? '' : ` error: ${ourError}`;
  const isSame = equal + chance === objects && differences.length === 0;
  if (isSame && error === '' && !listed) return;
  const words = differences.map(({ cause }) => cause);
  const made = chance === 0 ? '' : `, ${chance} but for chance`;
  line(`  ${name}: ${equal} of ${objects} equal${made}${error} ${counted(words)}`.trimEnd());
  for (const { cause, detail } of listed ? differences : differences.slice(0, 3))
    line(`    ${cause} ${detail}`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean', default: false }, only: { type: 'string' } },
});

let isFine = true;
for (const oracle of ORACLES) {
  if (values.only !== undefined && values.only !== oracle.tool) continue;
  const program = oracle.find();
  if (program === undefined) {
    line(`${oracle.tool} is not on this machine: nothing compared`);
    continue;
  }
  const all: Comparison[] = [];
  for (const folder of positionals.length === 0 ? ['.'] : positionals) {
    line(`${oracle.tool}: ${folder}`);
    for (const comparison of oracle.compare(resolve(folder), program)) {
      tell(comparison, values.list);
      all.push(comparison);
    }
  }
  const built = all.filter(({ theirError }) => theirError === undefined);
  const sum = (of: (comparison: Comparison) => number) =>
    built.reduce((total, comparison) => total + of(comparison), 0);
  const objects = sum((one) => one.objects);
  const equal = sum((one) => one.equal + one.chance);
  const same = built.filter(
    (one) => one.differences.length === 0 && one.ourError === undefined,
  ).length;
  const share = objects === 0 ? 100 : (100 * equal) / objects;
  line(
    `${oracle.tool}: ${same} of ${built.length} builds equal, ${all.length - built.length} not built by it`,
  );
  line(
    `  objects: ${equal} of ${objects} equal (${share.toFixed(2)} %), ${sum((one) => one.chance)} of them but for chance`,
  );
  const causes = built.flatMap((one) => [
    ...one.differences.map(({ cause }) => cause),
    ...(one.ourError === undefined ? [] : ['not built by us']),
  ]);
  if (causes.length > 0) line(`  differences: ${counted(causes)}`);
  const unsupported = built.flatMap((one) => one.unsupported);
  if (unsupported.length > 0) line(`  not supported: ${counted(unsupported)}`);
  isFine &&= equal === objects;
}
process.exitCode = isFine ? 0 : 1;
