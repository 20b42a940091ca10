import { defineRule, type GivenTimeout } from '../../../src/rule.ts';

const RESULT = {
  disabled: 'so nothing bounds it',
  throws: 'so every call throws',
  'fires-at-once': 'so every call ends at once',
};

function given({ variable, written, number }: GivenTimeout): string {
  if (written === undefined) return `${variable}, which nothing sets and which has no default`;
  const value = written === '' ? 'an empty text' : written;
  return `${variable}, which is ${value}${Number.isNaN(number) ? ' and no number' : ''}`;
}

export default defineRule({
  id: 'env-disables-timeout',
  title: 'The value that the manifest gives to a timeout makes it bound nothing.',
  cause: 'timeout disabled by the environment',
  subject: 'program',
  levels: { wrong: 'error', unsure: 'strict' },
  runbook: 'network-2-timeouts',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Set the variable to a number of milliseconds',

  *check({ badTimeouts, container, confident, label }) {
    for (const timeout of badTimeouts) {
      const { what, at, option, variable, written, result, setAt, readAt } = timeout;
      yield {
        at: setAt,
        as: confident ? 'wrong' : 'unsure',
        key: `${variable} ${option}`,
        message: `${option} of ${what} in ${label} comes from ${given(timeout)}, ${RESULT[result]}; a number of milliseconds is wanted`,
        related: [
          { at: readAt, message: `reads ${variable}` },
          ...(at.path === readAt.path && at.line === readAt.line
            ? []
            : [{ at, message: `the ${option} of ${what}` }]),
          ...(written === undefined || setAt.path === container.at.path
            ? []
            : [{ at: container.at, message: 'the container' }]),
        ],
        fix: `Set it, and give the code a default that holds without it:\nenv:\n  - name: ${variable}\n    value: "3000"`,
      };
    }
  },
});
