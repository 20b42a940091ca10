export const isBrowser = typeof window !== 'undefined';

export function isServer(): boolean {
  return !isBrowser;
}
