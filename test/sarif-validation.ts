/** What every SARIF log of chaoslint must pass: the OASIS schema by GitHub's own checker, and what schemas cannot say. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Schema, Validator } from 'jsonschema';
import type { Location, Log, Region } from 'sarif';

const schema: Schema = JSON.parse(
  readFileSync(new URL('./data/sarif-schema-2.1.0.json', import.meta.url), 'utf8'),
);

function isBefore(a: Region, b: Region): boolean {
  const [aLine = 1, aColumn = 1] = [a.startLine, a.startColumn];
  const [bLine = 1, bColumn = 1] = [b.startLine, b.startColumn];
  return aLine < bLine || (aLine === bLine && aColumn <= bColumn);
}

function endsAfter(a: Region, b: Region): boolean {
  const [aLine = 1, aColumn = 1] = [a.endLine, a.endColumn];
  const [bLine = 1, bColumn = 1] = [b.endLine, b.endColumn];
  return aLine > bLine || (aLine === bLine && aColumn >= bColumn);
}

function assertValidPlace({ physicalLocation }: Location): void {
  const uri = physicalLocation?.artifactLocation?.uri;
  assert.ok(uri !== undefined && uri !== '', 'a place names its file');
  // Relative, percent-encoded: only the unreserved characters, slashes and escapes are left.
  assert.match(uri, /^(?!\/)(?:[A-Za-z0-9\-_.!~*'()/]|%[0-9A-F]{2})+$/);
  assert.doesNotThrow(() => decodeURIComponent(uri));
  const { region, contextRegion } = physicalLocation ?? {};
  if (region === undefined) return;
  const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region;
  assert.ok(startLine >= 1 && startColumn >= 1 && endLine >= startLine && endColumn >= 1);
  if (endLine === startLine) assert.ok(endColumn >= startColumn, 'a region ends after its start');
  if (contextRegion === undefined) return;
  assert.ok(isBefore(contextRegion, region) && endsAfter(contextRegion, region));
  assert.ok(
    !(isBefore(region, contextRegion) && endsAfter(region, contextRegion)),
    'a context holds more than its region',
  );
}

/** The numbers of the links in a message: `[text](1)`, brackets in the text being escaped. */
export function linksIn(message: string): number[] {
  const links = /(?<!\\)(?:\\\\)*\[(?:[^\\[\]]|\\.)*\]\((\d+)\)/g;
  return [...message.matchAll(links)].map((match) => Number(match[1]));
}

/** Throws unless `text` is a SARIF 2.1.0 log that GitHub code scanning takes. Gives the log. */
export function assertValidSarif(text: string): Log {
  const log: Log = JSON.parse(text);
  const { errors } = new Validator().validate(log, schema);
  assert.deepEqual(
    errors.map((error) => error.toString()),
    [],
  );
  assert.equal(log.runs.length, 1);
  for (const run of log.runs) {
    const { rules = [] } = run.tool.driver;
    const results = run.results ?? [];
    assert.ok(results.length <= 25_000 && rules.length <= 25_000);
    for (const { name, shortDescription, fullDescription, help, properties } of rules) {
      assert.ok((name ?? '').length <= 255);
      assert.ok(shortDescription?.text && shortDescription.text.length <= 1024);
      assert.ok(fullDescription?.text && fullDescription.text.length <= 1024);
      assert.ok(help?.text && help.markdown);
      assert.ok((properties?.tags ?? []).length <= 10);
      assert.equal(properties?.['security-severity'], undefined);
    }
    for (const result of results) {
      assert.equal(result.locations?.length, 1);
      if (result.ruleIndex !== undefined)
        assert.equal(rules[result.ruleIndex]?.id, result.ruleId, 'ruleIndex names the rule');
      assert.match(result.message.text ?? '', /\.$/);
      assert.equal(result.message.markdown, undefined);
      const related = result.relatedLocations ?? [];
      assert.ok(related.length <= 1000);
      const ids = related.map(({ id }) => id);
      for (const link of linksIn(result.message.text ?? '')) assert.ok(ids.includes(link));
      for (const place of [...(result.locations ?? []), ...related]) assertValidPlace(place);
    }
    for (const invocation of run.invocations ?? [])
      for (const told of invocation.toolExecutionNotifications ?? []) {
        assert.ok(told.descriptor?.id);
        assert.match(told.message.text ?? '', /\.$/);
        for (const place of told.locations ?? []) assertValidPlace(place);
      }
  }
  return log;
}
