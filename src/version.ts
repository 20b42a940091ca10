import manifest from '../package.json' with { type: 'json' };

/** The version of this chaoslint. */
export const version: string = manifest.version;
