/** Which Service an address leads to, as the DNS of a cluster answers. */
import type { AddressPart } from '../../code.ts';
import type { Resource, Service } from '../../model.ts';
import type { Value } from '../../value.ts';
import { meet } from '../scope.ts';

/** Where somebody asks from. */
type Caller = Pick<Resource, 'context' | 'namespace'>;

/** Host and port of an address; the scheme when it is written. */
export interface Address {
  readonly host: string;
  readonly port?: number;
  readonly scheme?: string;
}

const ADDRESS =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^\s@/]*@)?([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?(?:[/?#].*)?$/i;

/** The addresses that a text holds; connection strings name several hosts with commas between them. */
export function addressesIn(text: string): readonly Address[] {
  const trimmed = text.trim();
  if (trimmed.length > 2000 || /\s/.test(trimmed)) return [];
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/i.exec(trimmed) ?? [];
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  const hosts = authority.slice(authority.lastIndexOf('@') + 1).split(',');
  return hosts.flatMap((one) => {
    // `jdbc:mysql://`, `kafka:9092`: a broker of a list may carry a scheme of its own.
    const match = ADDRESS.exec(scheme + one);
    const [, own, host, port] = match ?? [];
    if (host === undefined) return [];
    return [
      {
        host: host.toLowerCase(),
        ...(port === undefined ? {} : { port: Number(port) }),
        ...(own === undefined ? {} : { scheme: own.toLowerCase() }),
      },
    ];
  });
}

/** Services by context and name. */
export class Hosts {
  readonly #byName = new Map<string, Service[]>();

  constructor(services: readonly Service[]) {
    for (const service of services) {
      const key = `${service.context.name}\n${service.name}`;
      const list = this.#byName.get(key);
      if (list === undefined) this.#byName.set(key, [service]);
      else list.push(service);
    }
  }

  /** The Service that a pod in this context and namespace reaches by the host; undefined: none, or it cannot be told which. */
  serviceOf(host: string, from: Caller): Service | undefined {
    const labels = host.replace(/\.$/, '').split('.');
    const svc = labels.indexOf('svc');
    // A name without the ending of the cluster: `orders`, `orders.shop`; `web-0.orders` is a pod of a headless Service.
    const own = svc < 0 ? labels : labels.slice(0, svc);
    if (svc < 0 && own.length > 3) return undefined;
    const candidates: [string, string | undefined][] = [[own[0] ?? '', own[1]]];
    if (own.length > 1) candidates.push([own[1] ?? '', own[2]]);
    for (const [name, namespace] of candidates) {
      const found = this.#named(from.context.name, name).filter((service) =>
        namespace === undefined
          ? meet(service.namespace, from.namespace)
          : service.namespace === namespace || service.namespace === undefined,
      );
      const [only] = found;
      if (found.length === 1 && only !== undefined) return only;
    }
    return undefined;
  }

  /** A Service of the context begins like the host: `payments.bank` is one of another namespace. */
  beginsLikeOne(host: string, { context }: Caller): boolean {
    return this.#named(context.name, host.split('.', 1)[0] ?? '').length > 0;
  }

  /** The Service whose address Kubernetes puts into the variable: `ORDERS_SERVICE_HOST` is that of `orders`. */
  serviceOfVariable(variable: string, from: Caller): Service | undefined {
    const name = /^(\w+)_SERVICE_HOST$/.exec(variable)?.[1];
    return name === undefined
      ? undefined
      : this.serviceOf(name.toLowerCase().replaceAll('_', '-'), from);
  }

  #named(context: string, name: string): readonly Service[] {
    return this.#byName.get(`${context}\n${name}`) ?? [];
  }
}

/** An address with the values that a container gives to its variables; null where something in front of the path is not known. */
export function filledIn(
  parts: readonly AddressPart[],
  variable: (name: string) => Value<string>,
  injected: (name: string) => string | undefined,
): string | null {
  let text = '';
  for (const part of parts) {
    const piece = textOf(part, variable, injected);
    if (piece !== null) text += piece;
    // The path does not say who answers.
    else return /^[a-z][a-z0-9+.-]*:\/\/[^/]+\//i.test(text) ? text : portless(text);
  }
  return text;
}

function textOf(
  part: AddressPart,
  variable: (name: string) => Value<string>,
  injected: (name: string) => string | undefined,
): string | null {
  if (part === null || typeof part === 'string') return part;
  const given = variable(part.variable);
  if (given.state === 'known') return given.value;
  if (given.state === 'unknown') return null;
  return injected(part.variable) ?? part.default ?? null;
}

/** `http://orders:`: only the port is not known. */
function portless(text: string): string | null {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?[\w.-]+:$/i.test(text) ? text.slice(0, -1) : null;
}
