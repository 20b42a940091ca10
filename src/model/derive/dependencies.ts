/** What an application asks: other services, each with the calls to it. */
import type { Call, CodeModel, CodeSubject } from '../code.ts';

/** One peer of an application, as far as the code says who it is: a client, a host, or what one file asks. */
export interface Dependency extends CodeSubject {
  readonly calls: readonly [Call, ...Call[]];
}

/** The peers over HTTP and RPC, in the order of their first calls. */
export function dependenciesOf({ calls }: CodeModel): Dependency[] {
  const found = new Map<string, [Call, ...Call[]]>();
  for (const call of calls) {
    const { roles } = call.library;
    if (call.local || !(roles.includes('http') || roles.includes('rpc'))) continue;
    const key = `${call.application}\n${peerOf(call)}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, [call]);
    else known.push(call);
  }
  return [...found.values()].map((own) => {
    const [{ identity, label, at }] = own;
    return { identity, label, at, calls: own };
  });
}

function peerOf({ client, target, at }: Call): string {
  if (client !== undefined) return client.identity;
  const host = target.state === 'known' ? /^\w+:\/\/([^/:?#]+)/.exec(target.value)?.[1] : undefined;
  return host ?? at.path;
}
