import { type Caller, defineRule, duration, hangsOf } from '../../../src/rule.ts';

const RESULT = {
  throws: 'throws instead of ending the call',
  'fires-at-once': 'ends every call at once',
  ignored: 'is ignored',
} as const;

/** Whether something else ends the calls, and how long a silent peer holds them when nothing does. */
function consequenceOf(caller: Caller): { readonly harmless: boolean; readonly because: string } {
  const { hangs, undecided } = hangsOf(caller, ['headers', 'connect', 'acquire'], 60_000);
  const [worst] = hangs;
  if (worst === undefined)
    return { harmless: undecided === undefined && caller.ways.length > 0, because: '' };
  const time = worst.ms === Number.POSITIVE_INFINITY ? 'for ever' : `for ${duration(worst.ms)}`;
  return { harmless: false, because: `, so a silent peer holds the call ${time}` };
}

/** A sentence as a part of another one. */
const clauseOf = (sentence: string) =>
  sentence
    .replace(/\.$/, '')
    .replace(/^(?:The|This|A|An|Only|It) /, (word) => word.toLowerCase())
    .replaceAll(';', ',');

export default defineRule({
  id: 'timeout-has-no-effect',
  title: 'A timeout is written that does nothing here, or not what it says.',
  cause: 'timeout without effect',
  subject: 'caller',
  levels: { useless: 'error', broken: 'error', harmless: 'strict' },
  runbook: 'network-2-timeouts',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Use the option that works:\nawait fetch(url, { signal: AbortSignal.timeout(5_000) })',

  *check(caller) {
    const { client, calls, library } = caller;
    const { harmless, because } = consequenceOf(caller);
    for (const { label, ineffective, broken } of client === undefined
      ? calls
      : [client, ...calls]) {
      for (const { option, at, why, instead } of ineffective)
        yield {
          at,
          key: option,
          as: harmless ? 'harmless' : 'useless',
          message: `${option} of ${label} does nothing here: ${clauseOf(why)}${because}; ${instead} is wanted`,
          fix: `Use ${instead}:\n${library.fix}`,
        };
      for (const { option, at, value, result } of broken)
        yield {
          at,
          key: option,
          as: 'broken',
          message: `${option} of ${label} is ${value}, which ${RESULT[result]}; a few seconds are wanted`,
          fix: `Give it a time that it understands:\n${library.fix}`,
        };
    }
  },
});
