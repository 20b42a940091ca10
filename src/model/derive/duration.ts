/** Milliseconds of the units that Go's time.ParseDuration knows. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Milliseconds of a Go duration (`1m30s`, `1.5h`, `0`); undefined when it is not one. */
export function millisecondsOf(duration: string): number | undefined {
  const text = duration.trim();
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d*)?(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|μs|ms|s|m|h)/g))
    total += Number(amount) * (UNITS.get(unit ?? '') ?? 0);
  return total;
}
