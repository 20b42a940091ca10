/** When Node's engine compiles functions again with optimizations. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8 11.3 (Node 20) optimizes a function after 132 KiB of its bytecode ran. A run of seconds spends more on that than it gets back: over half
 * of the CPU of a first chart, a fifth to a third of whole repositories. V8 12 (Node 22) counts another way and does better by itself; it does
 * not know the flag.
 */
export function optimizeLate(): void {
  if (process.versions.v8.startsWith('11.3.')) setFlagsFromString('--interrupt-budget=500000');
}
