/** The labels that `npm run score` compares findings with: each names a rule, a place and a verdict, and holds no code. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rules } from '../rules/index.ts';

const folder = fileURLToPath(new URL('labels/', import.meta.url));
const ids = new Set(rules.map(({ id }) => id));

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json')))
  test(`labels of ${name}`, () => {
    const { repository, commit, labels, ...rest } = JSON.parse(
      readFileSync(`${folder}${name}`, 'utf8'),
    );
    assert.deepEqual(rest, {});
    assert.equal(`${repository.replace('/', '__')}.json`, name);
    assert.match(commit, /^[0-9a-f]{40}$/);
    assert.ok(labels.length > 0, 'no label');
    const places: string[] = [];
    for (const { path, line, rule, verdict, construct, why, ...more } of labels) {
      const where = `${path}:${line}`;
      assert.deepEqual(more, {}, where);
      assert.ok(ids.has(rule), `${where}: no rule ${rule}`);
      assert.match(verdict, /^(?:bad|good|unsure)$/, where);
      assert.ok(Number.isInteger(line) && line > 0, where);
      assert.match(construct ?? 'a:1', /^[^:]+:\d+$/, where);
      assert.ok(typeof why === 'string' && why.length > 10 && why.length < 400, where);
      places.push(`${where} ${rule}`);
    }
    assert.equal(new Set(places).size, places.length, 'two labels for one place and rule');
  });
