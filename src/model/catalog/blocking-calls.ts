/**
 * Functions that do slow work on the thread that runs the event loop.
 * Sources: https://nodejs.org/docs/latest-v20.x/api/fs.html#synchronous-api, https://nodejs.org/docs/latest-v20.x/api/crypto.html,
 * https://nodejs.org/docs/latest-v20.x/api/zlib.html, https://nodejs.org/docs/latest-v20.x/api/child_process.html,
 * bcrypt@6.0.0 README.md ("synchronous ... blocks the event loop"), bcryptjs@3.0.2 README.md.
 */
interface BlockingFunctions {
  readonly packages: readonly string[];
  /** Names of exports. */
  readonly names: RegExp;
  /** What does the same beside the event loop; `*` is the name without `Sync`. */
  readonly instead: string;
}

const BLOCKING: readonly BlockingFunctions[] = [
  {
    packages: ['fs', 'node:fs', 'fs-extra', 'graceful-fs'],
    // A look at one directory entry is quick, and often the way to ask once.
    names: /^(?!exists|access|stat|lstat|fstat|close|open|mkdir|realpath)\w+Sync$/,
    instead: 'await fs.promises.*()',
  },
  {
    packages: ['crypto', 'node:crypto'],
    names: /^(?:pbkdf2|scrypt|generateKeyPair|generatePrime|checkPrime)Sync$/,
    instead: 'await promisify(crypto.*)()',
  },
  {
    packages: ['zlib', 'node:zlib'],
    names: /^\w+Sync$/,
    instead: 'await promisify(zlib.*)()',
  },
  {
    packages: ['child_process', 'node:child_process'],
    names: /^(?:exec|execFile|spawn)Sync$/,
    instead: 'await promisify(childProcess.*)()',
  },
  {
    packages: ['bcrypt', 'bcryptjs', '@node-rs/bcrypt', '@node-rs/argon2'],
    names: /^(?:hash|compare|verify)Sync$/,
    instead: 'await bcrypt.*()',
  },
];

/** What a function blocks the event loop with and what should stand instead; undefined when it does not. */
export function blockingFunction(
  packageName: string,
  exported: string,
): { readonly name: string; readonly instead: string } | undefined {
  const found = BLOCKING.find(
    ({ packages, names }) => packages.includes(packageName) && names.test(exported),
  );
  if (found === undefined) return undefined;
  const bare = packageName.replace(/^node:/, '').replace(/^.*\//, '');
  return {
    name: `${bare}.${exported}`,
    instead: found.instead
      .replace('*', exported.replace(/Sync$/, ''))
      .replace('bcrypt.', `${bare}.`),
  };
}
