/** Faults that end pods in order: SIGTERM first, and SIGKILL after the grace period. */
import type { Injection, Reason } from '../../prediction.ts';
import type { Consumer, Server, Shutdown } from '../code.ts';
import type { Workload } from '../model.ts';
import type { DeployedProgram } from '../together.ts';
import { capacityOf, dataOf, readinessOf, recoveryOf } from './pods.ts';
import { broken, holds, unsure, type World } from './world.ts';

const condition = {
  property: 'loses-requests-on-sigterm',
  runbook: 'pod-3-graceful-shutdown',
} as const;

type Answer = 'drains' | 'cuts' | 'unknown';

/** What becomes of what it is working on when SIGTERM arrives. */
function answerOf({ handlers, complete, byDefault }: Shutdown): Answer {
  const own = handlers.filter(({ signals }) => signals.includes('SIGTERM'));
  if (own.length === 0) {
    if (!complete || byDefault.state !== 'known') return 'unknown';
    return byDefault.value === 'drains' ? 'drains' : 'cuts';
  }
  if (own.some(({ exits }) => exits === 'before-close' || exits === 'without-close')) return 'cuts';
  const drains = own.some(
    ({ closes, exits }) =>
      (exits === 'after-close' || exits === 'no') &&
      closes.some(({ what, drains: waits }) => what !== 'client' && waits),
  );
  if (drains) return 'drains';
  return own.every((handler) => handler.complete && handler.exits !== 'maybe') && complete
    ? 'cuts'
    : 'unknown';
}

function drainOf(program: DeployedProgram, part: Server | Consumer): Reason {
  const answer = answerOf(part.shutdown);
  const about = [part.identity, program.identity, program.application.identity];
  const base = { ...condition, about, at: part.at };
  if (answer === 'unknown')
    return unsure({ ...base, says: `what ${part.label} does on SIGTERM is not known` });
  if (answer === 'drains')
    return holds({ ...base, says: `${part.label} finishes what it is working on` });
  return broken({
    ...base,
    says: `${part.label} ends on SIGTERM without finishing what it is working on`,
    fix: 'Stop taking requests on SIGTERM, wait for those that are open, then close the clients and end',
  });
}

/**
 * Whether pods end without losing requests.
 * @param given seconds of grace, where the fault says them
 */
export function gracefulEnd(workload: Workload, given: number | undefined, world: World): Reason[] {
  const grace = workload.terminationGracePeriodSeconds;
  const seconds = given ?? (grace.state === 'known' ? grace.value : undefined);
  const at = grace.at;
  const reasons: Reason[] = [];
  if (seconds === 0)
    reasons.push(
      broken({
        ...condition,
        about: [workload.identity],
        at,
        says: 'the grace period is 0: SIGKILL comes at once',
        fix: 'Give the pod time to end: terminationGracePeriodSeconds: 30',
      }),
    );
  const programs = world.programsOf(workload);
  const own = workload.containers.filter(({ firstParty, dataStore }) => firstParty && !dataStore);
  if (programs.length < own.length || programs.length === 0)
    reasons.push(
      unsure({
        ...condition,
        about: [workload.identity],
        at: workload.at,
        says: `what ${workload.label} does on SIGTERM is not known: its program is not in these files`,
      }),
    );
  for (const program of programs) {
    const { sigterm, shutdownParts } = program;
    const about = [program.identity];
    if (sigterm.state === 'not-delivered')
      reasons.push(
        broken({
          ...condition,
          about,
          at: sigterm.at,
          says: `SIGTERM does not arrive: ${sigterm.why}`,
          fix: 'Start the program itself as process 1: command: ["node", "server.js"]',
        }),
      );
    if (sigterm.state === 'unknown')
      reasons.push(
        unsure({
          ...condition,
          about,
          at: sigterm.at,
          says: `whether SIGTERM arrives is not known (${sigterm.why})`,
        }),
      );
    const parts = [...program.servers.items, ...program.consumers.items];
    reasons.push(...parts.map((part) => drainOf(program, part)));
    if (parts.length === 0)
      reasons.push(
        unsure({
          ...condition,
          about,
          at: program.at,
          says: `which servers ${program.label} starts is not known`,
        }),
      );
    const needed = shutdownParts.reduce((sum, part) => sum + part.seconds, 0);
    if (seconds !== undefined && seconds > 0 && needed >= seconds)
      reasons.push(
        broken({
          ...condition,
          about,
          at: shutdownParts[0]?.at ?? at,
          says: `it takes ${needed} s to end and is given ${seconds} s`,
          fix: `Give it more than ${needed} s: terminationGracePeriodSeconds: ${Math.ceil(needed) + 10}`,
        }),
      );
  }
  if (seconds === undefined)
    reasons.push(unsure({ ...condition, at, says: 'the grace period is not known' }));
  return reasons;
}

/** pod-kill with a grace period: the pods go in order. */
export function endedPods(workload: Workload, injection: Injection, world: World): Reason[] {
  return [
    capacityOf(workload, injection.share),
    ...readinessOf(workload, 'the new pod gets requests before it can answer', world),
    ...gracefulEnd(workload, injection.graceSeconds, world),
    recoveryOf(workload, world),
    ...dataOf(workload, world),
  ];
}
