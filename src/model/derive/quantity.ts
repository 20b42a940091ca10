/** Quantities of Kubernetes, and sizes as Chaos Mesh writes them (`256MB`, `1Gi`). */

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1e3],
  ['K', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
]);

/** Bytes of a quantity; undefined for what is none. */
export function bytesOf(quantity: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([kKMGT]i?)?B?$/.exec(quantity.trim()) ?? [];
  const factor = UNITS.get(unit ?? '');
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}
