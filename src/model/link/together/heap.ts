/** How large the heap of node may grow, by the flags that it is started with. */
import type { Location } from '../../../location.ts';
import type { HeapLimit, Start } from '../../together.ts';
import type { Value } from '../../value.ts';

const FLAG = /--max[-_]old[-_]space[-_]size(?:=|\s+)(\d+)/;

/** The flag of the command, which goes before that of NODE_OPTIONS. */
export function heapLimitOf(
  { steps, command }: Start,
  options: Value<string>,
  nowhere: Location,
): HeapLimit | undefined {
  for (const step of steps) {
    if (step.is !== 'node') continue;
    const megabytes = FLAG.exec(step.flags.join(' '))?.[1];
    if (megabytes !== undefined)
      return { megabytes: Number(megabytes), at: command?.at ?? nowhere, by: 'the command' };
  }
  const megabytes = options.state === 'known' ? FLAG.exec(options.value)?.[1] : undefined;
  return megabytes === undefined
    ? undefined
    : { megabytes: Number(megabytes), at: options.at, by: 'NODE_OPTIONS' };
}
