/** action.yml: its scripts run as a runner would run them, and what the runner needs of it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
const steps: readonly { run?: string; uses?: string; env?: Record<string, string> }[] =
  action.runs.steps;
const scratch = mkdtempSync(join(tmpdir(), 'chaoslint-action-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

// Stands for the registry: what the package would start is started.
const bin = join(scratch, 'bin');
mkdirSync(bin);
writeFileSync(
  join(bin, 'npx'),
  `#!/bin/sh\nwhile [ "$1" != chaoslint ]; do shift; done; shift\nexec "${process.execPath}" "${join(root, 'bin/chaoslint.js')}" "$@"\n`,
);
chmodSync(join(bin, 'npx'), 0o755);

const bad =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  replicas: 1\n  selector: { matchLabels: { app: o } }\n  template: { metadata: { labels: { app: o } }, spec: { containers: [{ name: o, image: "acme/o:1.0.0" }] } }\n';

let made = 0;
function run(env: Readonly<Record<string, string>>) {
  const temp = join(scratch, `t${++made}`);
  const folder = join(temp, 'repository');
  mkdirSync(folder, { recursive: true });
  spawnSync('git', ['init', '-q'], { cwd: folder });
  writeFileSync(join(folder, 'orders.yaml'), bad);
  const output = join(temp, 'output');
  const summary = join(temp, 'summary');
  const { stdout, stderr } = spawnSync('bash', ['-e', '-c', `set +e\n${steps[0]?.run ?? ''}`], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      VERSION: 'latest',
      PATHS: '',
      CONFIG: '',
      FAIL_ON: '',
      CHANGED_SINCE: '',
      ...env,
    },
  });
  return {
    stdout,
    stderr,
    folder,
    temp,
    output: readFileSync(output, 'utf8'),
    summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '',
  };
}

test('it annotates, writes SARIF and a summary, and keeps the exit code for the last step', () => {
  const { stdout, output, summary, temp } = run({ FAIL_ON: 'warning' });
  assert.match(stdout, /^::(?:error|warning) .*file=orders\.yaml/m);
  assert.match(summary, /^## chaoslint/);
  assert.equal(output, `exit-code=1\nsarif-file=${join(temp, 'chaoslint.sarif')}\n`);
  assert.ok(
    JSON.parse(readFileSync(join(temp, 'chaoslint.sarif'), 'utf8')).runs[0].results.length > 0,
  );
  assert.match(run({ FAIL_ON: 'never', PATHS: 'orders.yaml' }).output, /^exit-code=0\n/);
  const last = spawnSync('bash', ['-c', steps.at(-1)?.run ?? ''], {
    env: { ...process.env, CODE: '1' },
  });
  assert.equal(last.status, 1);
});

test('values are data, whatever they hold', () => {
  const { folder, output } = run({
    PATHS: '$(touch stolen) ;touch stolen',
    CONFIG: '`touch stolen`',
  });
  assert.equal(existsSync(join(folder, 'stolen')), false);
  assert.match(output, /^exit-code=2\n/);
  for (const step of steps) assert.doesNotMatch(step.run ?? '', /\$\{\{/);
});

test('foreign actions are pinned by commit', () => {
  for (const { uses } of steps) if (uses !== undefined) assert.match(uses, /@[0-9a-f]{40}$/);
});
