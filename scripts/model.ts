/**
 * `npm run model -- DIR [--paths] [--undecided]`: what was understood of the code in a folder. Prints packages, entry points and the files
 * that they reach, clients with their bounds, calls, servers, what could not be told and why, the three percentages, and which
 * program each first-party container runs, with what says so.
 */
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCharts } from '../src/charts.ts';
import type { CodeFacts } from '../src/code-facts.ts';
import { defaultPolicy } from '../src/config/policy.ts';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import { projectFileKind } from '../src/extract/project/candidates.ts';
import { extractProject } from '../src/extract/project/extract.ts';
import { lockfileFacts } from '../src/extract/project/lockfile.ts';
import { extractCode } from '../src/extract/typescript/extract.ts';
import { discover } from '../src/files/discover.ts';
import { libraries } from '../src/libraries/index.ts';
import type { Bound, Bounds, CodeValue, Share } from '../src/model/code.ts';
import { linkCode } from '../src/model/link/code/link.ts';
import { link } from '../src/model/link/link.ts';
import { linkTogether } from '../src/model/link/together/link.ts';
import type { Binding } from '../src/model/together.ts';
import type { LockfileFacts, ProjectFacts } from '../src/project-facts.ts';

const CODE = /(?<!\.d)\.[cm]?[jt]sx?$/;
const SKIPPED = /(?:^|\/)(?:node_modules|\.git|dist|build|out|coverage|\.next)(?:\/|$)/;
const TEXT =
  /\.(?:[cm]?[jt]sx?|json|ya?ml|env|toml|sql|sh|prisma)$|(?:^|\/)(?:\.env[^/]*|Dockerfile[^/]*)$/;
const LARGEST = 1024 * 1024;

function filesBelow(root: string): string[] {
  try {
    const listed = execFileSync('git', ['-C', root, 'ls-files', '-z'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (listed !== '') return listed.split('\0').filter((path) => path !== '');
  } catch {
    // Not a repository.
  }
  return readdirSync(root, { recursive: true, encoding: 'utf8' });
}

const folder = process.argv[2] ?? '.';
const flags = new Set(process.argv.slice(3));
const started = performance.now();
const wanted = new Set(
  libraries.flatMap(({ packages, decidedBy }) => [
    ...packages.map(({ name }) => name),
    ...(decidedBy ? [decidedBy] : []),
  ]),
);
const code: CodeFacts[] = [];
const project: ProjectFacts[] = [];
const lockfiles: LockfileFacts[] = [];
const texts = new Map<string, string>();
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const paths = filesBelow(folder).filter((path) => {
  if (SKIPPED.test(path)) return false;
  const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
  return found?.isFile() === true;
});
for (const path of paths) {
  const kind = projectFileKind(path);
  if (kind === 'lockfile') continue;
  if (lstatSync(join(folder, path)).size > LARGEST) continue;
  if (kind !== undefined) {
    const facts = extractProject({ path, text: read(path) });
    if (facts !== undefined) project.push(facts);
    if (facts?.kind === 'package')
      for (const { name } of facts.dependencies)
        if (/^@(?:aws-sdk|smithy)\//.test(name)) wanted.add(name);
  }
  if (CODE.test(path)) code.push(extractCode({ path, text: read(path) }));
  if (TEXT.test(path)) texts.set(path, read(path));
}
for (const path of paths)
  if (projectFileKind(path) === 'lockfile') {
    const facts = lockfileFacts(path, read(path), wanted);
    if (facts !== undefined) lockfiles.push(facts);
  }
const extracted = performance.now();
const words = new Map<string, boolean>();
const model = linkCode(code, { files: project, lockfiles }, libraries, {
  census: (_, list) =>
    list.some((word) => {
      const known = words.get(word) ?? [...texts.values()].some((text) => text.includes(word));
      words.set(word, known);
      return known;
    }),
});
const linked = performance.now();

function spell<T>(value: CodeValue<T>): string {
  if (value.state === 'known') return String(value.value) + (value.byDefault ? ' (default)' : '');
  return value.state === 'unknown' ? `? ${value.why}` : `absent (${value.by})`;
}

function spellBound(bound: Bound | { notApplicable: string }): string {
  if ('notApplicable' in bound) return '-';
  const ms = bound.ms.state === 'known' ? String(bound.ms.value) : spell(bound.ms);
  return `${ms}${bound.atMost === undefined ? '' : ` <= ${bound.atMost}`}${bound.option === undefined ? '' : ` by ${bound.by} ${bound.option}`}${bound.disabled ? ' DISABLED' : ''}`;
}

function spellBounds(bounds: Bounds): string {
  return Object.entries(bounds)
    .filter(([, bound]) => !('notApplicable' in bound))
    .map(([phase, bound]) => `${phase} ${spellBound(bound)}`)
    .join(' | ');
}

const line = (text = '') => process.stdout.write(`${text}\n`);
const share = ({ of, resolved }: Share) =>
  of === 0 ? 'none' : `${((100 * resolved) / of).toFixed(1)} % of ${of}`;

for (const { path, runtime, because } of model.entryPoints)
  line(`entry ${runtime} ${path} (${because})`);
const judged = model.files.filter((file) => file.judged);
line(`files: ${model.files.length}, judged: ${judged.length}`);
if (flags.has('--files'))
  for (const file of model.files)
    line(
      `  ${file.judged ? 'judged' : 'out   '} ${file.path} [${file.runtimes.join(' ')}] ${file.why}`,
    );
for (const application of model.applications)
  line(`application ${application.label} in ${application.root || '.'}`);
for (const client of model.clients) {
  line(
    `client ${client.label} ${client.at.path}:${client.at.line} [${client.library.name} ${client.library.version ?? '?'}] ${client.scope}, ${client.calls.length} calls`,
  );
  line(`    ${spellBounds(client.bounds)}`);
  for (const use of client.ineffective)
    line(`    no effect: ${use.option} (${use.at.path}:${use.at.line})`);
}
for (const call of model.calls) {
  line(
    `call ${call.label} ${call.at.path}:${call.at.line} [${call.library.name} ${call.library.version ?? '?'}] ${spell(call.verb)} ${spell(call.target).slice(0, 80)}${call.local ? ' LOCAL' : ''} body ${call.body}${call.client === undefined ? '' : ` via ${call.client.label} :${call.client.at.line}`}`,
  );
  line(`    ${spellBounds(call.bounds)}`);
  for (const use of call.ineffective) line(`    no effect: ${use.option}`);
  if (call.sharedDeadline)
    line(`    shared deadline ${call.sharedDeadline.path}:${call.sharedDeadline.line}`);
  if (call.endsEarly) line(`    ends early: ${call.endsEarly.how}`);
  if (call.cancelOnly) line('    cancel only');
  if (call.wrapper) line(`    wrapper ${call.wrapper.name} ${call.wrapper.uses.length} uses`);
  if (flags.has('--paths'))
    for (const path of call.paths)
      line(
        `    from ${path.from.kind} ${path.from.label}${path.complete ? '' : ' (incomplete)'}: ${path.steps.map((step) => `${step.path}:${step.line}`).join(' > ')}`,
      );
}
for (const server of model.servers) {
  line(
    `server ${server.framework} ${server.at.path}:${server.at.line} port ${spell(server.port)}, ${server.routes.items.length} routes${server.routes.complete ? '' : ` (incomplete: ${server.routes.why})`}`,
  );
  for (const route of server.routes.items) line(`    ${route.verb} ${spell(route.path)}`);
  for (const handler of server.shutdown.handlers)
    line(
      `    on ${handler.signals.join(' ')} ${handler.at.path}:${handler.at.line}: exits ${handler.exits}, closes ${handler.closes.map((close) => `${close.what}${close.awaited ? ' awaited' : ''}`).join(', ')}${handler.complete ? '' : ' (incomplete)'}`,
    );
  line(
    `    by default ${spell(server.shutdown.byDefault)}${server.shutdown.complete ? '' : ` (handlers incomplete: ${server.shutdown.why})`}`,
  );
}
const reasons = new Map<string, number>();
for (const { why } of model.undecided) reasons.set(why, (reasons.get(why) ?? 0) + 1);
line(
  `undecided: ${[...reasons]
    .sort((a, b) => b[1] - a[1])
    .map(([why, count]) => `${why} ${count}`)
    .join(', ')}`,
);
if (flags.has('--undecided'))
  for (const { why, at, what } of model.undecided) line(`  ${why} ${at.path}:${at.line} ${what}`);
line(
  `imports ${share(model.quality.imports)}, call edges ${share(model.quality.callEdges)}, decided calls ${share(model.quality.decidedCalls)}`,
);
line(
  `${code.length} code files read in ${Math.round(extracted - started)} ms, linked in ${Math.round(linked - extracted)} ms`,
);

/** The table of containers: what they run, and why we believe it. */
async function printBindings(): Promise<void> {
  const found = await discover({
    cwd: resolve(folder),
    paths: ['.'],
    isolated: true,
    ignored: [],
    include: [],
  });
  const charts = readCharts(
    found.files.map((file) => extractManifest(file)),
    {
      files: [...found.files.map(({ path, text }) => ({ path, data: text })), ...found.charts],
      settings: defaultPolicy,
      installations: [],
    },
  );
  const { bindings } = linkTogether(
    {
      model: link(charts.facts, defaultPolicy, charts.inflated),
      files: charts.facts,
      code: model,
      codeFacts: code,
      project: { files: project, lockfiles },
      libraries,
    },
    { bindings: new Map(), assume: { mesh: false } },
  );
  for (const binding of bindings) printBinding(binding);
  const bound = bindings.filter((one) => one.folder !== undefined);
  line(
    `bindings: ${bindings.length} containers, ${bound.filter((one) => one.confident).length} certain, ${bound.filter((one) => !one.confident).length} likely, ${bindings.length - bound.length} unbound`,
  );
}

function printBinding({ container, folder: from, confident, evidence, why, ...rest }: Binding) {
  const { context, label, image } = container;
  const where = context.name === '' ? '' : ` in ${context.name}`;
  const kind = from === undefined ? 'unbound' : confident ? 'bound' : 'likely';
  line(`${kind} ${label}${where}: ${image.state === 'known' ? image.value.text : image.state}`);
  if (from !== undefined) line(`    from ${from || '.'} by ${rest.dockerfile ?? 'no Dockerfile'}`);
  for (const { kind: by, says } of evidence) line(`    ${by}: ${says}`);
  if (why !== undefined) line(`    ${why}`);
  const { program } = rest;
  if (program === undefined) return;
  const { entry, start, servers, sigterm, ports } = program;
  line(`    runs ${entry ?? '?'} by ${start.command?.text ?? '?'}`);
  line(
    `    ${servers.items.length} servers, ports ${ports.items.map(({ number }) => number).join(', ')}${ports.complete ? '' : ` (incomplete: ${ports.why})`}, SIGTERM ${sigterm.state}`,
  );
}

await printBindings();
