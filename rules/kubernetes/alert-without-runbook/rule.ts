import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'alert-without-runbook',
  title: 'An alert does not name the page that says what to do.',
  cause: 'alert without runbook',
  subject: 'alert',
  levels: { missing: 'strict' },
  runbook: 'prevention-5-documentation',
  bearsOn: ['unobserved'],
  fix: 'Name the page that says what to do:\nannotations:\n  runbook_url: https://runbooks.example.com/NAME',

  *check(alert) {
    const { runbookUrl } = alert;
    if (runbookUrl.state === 'unknown') yield { undecided: runbookUrl.why, at: runbookUrl.at };
    const empty = runbookUrl.state === 'known' && runbookUrl.value.trim() === '';
    if (runbookUrl.state !== 'absent' && !empty) return;
    yield {
      at: empty ? runbookUrl.at : alert.at,
      message: `${alert.label} has ${empty ? 'an empty' : 'no'} runbook_url; the address of a page is wanted, because whoever is woken must know what to do`,
      fix: `Name the page that says what to do:\nannotations:\n  runbook_url: https://runbooks.example.com/${alert.name}`,
    };
  },
});
