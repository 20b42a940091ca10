export const isBrowser = typeof window !== 'undefined';

export function isServer(): boolean {
  return !isBrowser;
}

export const environment = { side: isServer() ? 'server' : 'client' };
