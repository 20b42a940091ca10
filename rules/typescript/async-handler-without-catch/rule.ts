import { defineRule, firstPlaces } from '../../../src/rule.ts';

export default defineRule({
  id: 'async-handler-without-catch',
  title: 'An asynchronous handler may fail where nobody catches it.',
  cause: 'async handler without catch',
  subject: 'application',
  levels: { found: 'warning' },
  runbook: 'prevention-3-resilience-patterns',
  bearsOn: ['crashes-on-error'],
  fix: "Hand errors to the framework, or use Express 5, which does it:\napp.get('/orders', async (request, response, next) => {\n  try {\n    response.json(await orders());\n  } catch (error) {\n    next(error);\n  }\n});",

  *check({ servers }) {
    const frameworks = new Set<string>();
    for (const { unguarded, framework, library, ephemeral } of servers) {
      const [first, ...others] = unguarded;
      if (first === undefined || ephemeral || frameworks.has(framework)) continue;
      frameworks.add(framework);
      const version = library.version === undefined ? '' : ` ${library.version}`;
      const more = others.length > 1 ? `${others.length} others` : 'another one';
      yield {
        at: first.at,
        key: framework,
        message: `nobody catches what fails here: ${framework}${version} ignores the promise of this handler${others.length === 0 ? '' : ` (and of ${more})`}, so an error leaves the request without an answer and may end the process; a catch is wanted`,
        related: [
          { at: first.handler, message: 'the handler' },
          ...firstPlaces(others.map(({ at }) => ({ at, message: 'another one' }))),
        ],
      };
    }
  },
});
