/** The commands of the guides, each run as it stands, in the order of the guide. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rules } from '../rules/index.ts';
import { parsePolicy } from '../src/config/read.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'chaoslint-docs-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const bin = join(scratch, 'bin');
mkdirSync(bin);
const start = `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'bin/chaoslint.js')}" "$@"\n`;
writeFileSync(join(bin, 'chaoslint'), start);
writeFileSync(join(bin, 'npx'), start.replace('exec', 'shift\nexec'));
// The package is there already.
writeFileSync(join(bin, 'npm'), '#!/bin/sh\nexit 0\n');
for (const name of ['chaoslint', 'npx', 'npm']) chmodSync(join(bin, name), 0o755);

function blocks(guide: string, language: string): string[] {
  const text = readFileSync(join(root, 'docs', guide), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block = '']) => block,
  );
}

const bad =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  replicas: 1\n  selector: { matchLabels: { app: o } }\n  template: { metadata: { labels: { app: o } }, spec: { containers: [{ name: o, image: "acme/o:1.0.0" }] } }\n';

for (const guide of ['adopting.md', 'github.md', 'pre-commit.md'])
  test(`docs/${guide}`, () => {
    const folder = join(scratch, guide);
    mkdirSync(folder);
    const env = {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      PRE_COMMIT: '',
      PRE_COMMIT_FROM_REF: '',
      PRE_COMMIT_TO_REF: '',
    };
    const shell = (script: string) =>
      spawnSync('bash', ['-e', '-c', script], { cwd: folder, encoding: 'utf8', env });
    writeFileSync(join(folder, 'orders.yaml'), bad);
    shell(
      'git init -q; git add -A; git -c user.name=a -c user.email=a@shop.example commit -qm first',
    );
    const scripts = blocks(guide, 'sh');
    assert.ok(scripts.length > 0);
    for (const script of scripts) {
      const { status, stdout, stderr } = shell(script);
      assert.equal(status, 0, `${script}\n${stdout}${stderr}`);
    }
  });

test('docs/configuration.md: what is shown as a policy is one', async () => {
  const keys = /^(?:preset|rules|extends|overrides|wrappers|suppress|environments|assume|helm):/m;
  const policies = blocks('configuration.md', 'yaml').filter((block) => keys.test(block));
  assert.ok(policies.length >= 6);
  for (const text of policies)
    await parsePolicy(text.replace(/^extends: .*\n/m, ''), 'policy', rules);
});
