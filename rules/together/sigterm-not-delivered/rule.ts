import { defineRule, type Start, type StartStep } from '../../../src/rule.ts';

/** What stands between process 1 and node, as a person calls it. */
function nameOf(step: StartStep): string {
  switch (step.is) {
    case 'package-manager':
      return `${step.name} ${step.script}`;
    case 'shell':
      return step.compound ? 'a shell with several commands' : 'a shell';
    case 'node':
      return step.by;
    default:
      return step.name;
  }
}

function fixFor(step: StartStep, { steps, file }: Start): string {
  const runsBuilt = steps.some((one) => one.is === 'node' && one.by === 'node');
  if (step.is === 'package-manager')
    return `Start node itself instead of the script ${step.script}:\nCMD ["node", "${(runsBuilt ? file : undefined) ?? 'dist/main.js'}"]`;
  if (step.is === 'shell' && step.compound)
    return 'Let the last command replace the shell: write exec in front of it, and do what comes before it in an init container or a Job';
  return 'Write the command as a list, or exec in front of it, so that no shell stays in between';
}

export default defineRule({
  id: 'sigterm-not-delivered',
  title: 'SIGTERM does not come to the program, because something in front of it keeps it.',
  cause: 'SIGTERM that is not delivered',
  subject: 'program',
  levels: { known: 'error', any: 'warning', unsure: 'strict' },
  runbook: 'pod-3-graceful-shutdown',
  bearsOn: ['loses-requests-on-sigterm'],
  fix: 'Start node itself as process 1:\nCMD ["node", "dist/main.js"]',

  *check(program) {
    const { sigterm, start, container, confident, servers } = program;
    if (sigterm.state === 'unknown') yield { undecided: sigterm.why, at: sigterm.at };
    if (sigterm.state !== 'not-delivered') return;
    const { by, why, baseImage, at } = sigterm;
    const [server] = servers.items;
    yield {
      at,
      as: !confident ? 'unsure' : baseImage === undefined ? 'any' : 'known',
      message: `${program.label} runs ${start.command?.text ?? nameOf(by)}${baseImage === undefined ? '' : ` on ${baseImage}`}: ${why}, so the program is killed with its open requests; node as process 1 is wanted`,
      related: [
        ...(at.path === container.at.path ? [] : [{ at: container.at, message: 'the container' }]),
        ...(by.is === 'package-manager' ? [{ at: by.at, message: `the script ${by.script}` }] : []),
        ...(server === undefined ? [] : [{ at: server.at, message: `the ${server.label}` }]),
      ],
      fix: fixFor(by, start),
    };
  },
});
