import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'experiment-will-fail',
  title: 'A chaos experiment of the repository will show a failure.',
  cause: 'experiment that will fail',
  subject: 'prediction',
  levels: { fails: 'note' },
  runbook: 'prevention-1-regular-testing',
  bearsOn: ['untested'],
  fix: 'Fix what it will show before it runs: "chaoslint predict" lists the reasons',

  *check({ verdict, reasons, injects, label, at }) {
    if (verdict !== 'fails') return;
    const broken = reasons.filter(({ state }) => state === 'broken');
    const [first, ...others] = broken;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    yield {
      at,
      message: `${label} ${injects}; it will fail, because ${first.says}${more}`,
      related: broken.map((reason) => ({ at: reason.at, message: reason.says })),
      ...(first.fix === '' ? {} : { fix: first.fix }),
    };
  },
});
