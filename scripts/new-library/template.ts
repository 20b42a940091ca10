/** The text of a new library: an HTTP client without a timeout, to be corrected. It is complete, so that the tests say what is wrong. */
export function newLibrary(name: string, packageName: string, versions = '>=1 <2'): string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Error(`the name is kebab-case: ${JSON.stringify(name)} is not`);
  if (!/^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/.test(packageName))
    throw new Error(`not the name of a package: ${JSON.stringify(packageName)}`);
  if (!/^[\d.<>=| ]+$/.test(versions))
    throw new Error(`not a range of versions: ${JSON.stringify(versions)}`);
  return `import { argument, defineLibrary, fact, forEver, options, signal } from '../library.ts';

const SOURCE = '${packageName}@0.0.0 the file and line that say so';

export default defineLibrary({
  name: '${name}',
  packages: [{ name: '${packageName}', versions: '${versions}' }],
  roles: ['http'],
  modules: { '${packageName}': { default: 'client' } },
  shapes: {
    client: {
      members: {
        'get|post': {
          call: {
            takes: [[argument('url'), options('request')]],
            promised: true,
            does: [
              {
                is: 'call',
                profile: 'default',
                verb: 'member',
                body: 'read',
                rejectsOn: ['network', '4xx', '5xx'],
              },
            ],
          },
        },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '${versions}',
      phases: {
        connect: forEver(fact(SOURCE)),
        acquire: { notApplicable: 'why' },
        headers: forEver(fact(SOURCE)),
        idle: forEver(fact(SOURCE)),
        total: forEver(fact(SOURCE)),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact(SOURCE) },
    },
  ],
  options: [signal(['request'], fact(SOURCE))],
  fix: '',
});
`;
}
