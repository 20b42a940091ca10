import { defineRule, type LibraryRef, type Location } from '../../../src/rule.ts';

interface Deadline {
  readonly at: Location;
  readonly library: LibraryRef;
  /** Identity of the first that uses it. */
  readonly key: string;
  readonly users: { readonly at: Location; readonly label: string }[];
}

export default defineRule({
  id: 'shared-deadline',
  title: 'One deadline is made once and used for many calls.',
  cause: 'deadline shared by all calls',
  subject: 'application',
  levels: { shared: 'error' },
  runbook: 'network-2-timeouts',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Make a new deadline for each call:\nawait fetch(url, { signal: AbortSignal.timeout(5_000) })',

  *check({ clients, calls }) {
    const uses = [
      ...clients.flatMap(({ sharedDeadlines, ...user }) =>
        sharedDeadlines.map((deadline) => ({ deadline, user })),
      ),
      ...calls.flatMap(({ sharedDeadline: deadline, ...user }) =>
        deadline === undefined ? [] : [{ deadline, user }],
      ),
    ];
    const deadlines = new Map<string, Deadline>();
    for (const { deadline: at, user } of uses) {
      const place = `${at.path}:${at.start}`;
      const known = deadlines.get(place);
      const { library, identity: key } = user;
      if (known === undefined) deadlines.set(place, { at, library, key, users: [user] });
      else known.users.push(user);
    }
    for (const { at, library, key, users } of deadlines.values())
      yield {
        at,
        key,
        message: `a deadline of ${users[0]?.label} is made once for all calls, so all of them fail as soon as it has passed; a new one for each call is wanted`,
        related: users.map((user) => ({ at: user.at, message: `${user.label} uses it` })),
        fix: `Make a new deadline for each call:\n${library.fix}`,
      };
  },
});
