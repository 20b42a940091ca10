/** Standard input, for `helm template x | chaoslint -`. */
import { UsageError } from '../config/errors.ts';
import { decode } from './read.ts';

/** Bytes of standard input that are read: rendered charts are larger than files, but not without bound. */
const MAX_STDIN_BYTES = 64 * 1024 * 1024;

/**
 * The text of standard input (or of another stream of bytes), without byte order mark.
 * @throws UsageError when it is larger than 64 MiB, binary, or neither UTF-8 nor UTF-16 with a byte order mark
 */
export async function readStdin(
  stream: AsyncIterable<Uint8Array | string> = process.stdin,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_STDIN_BYTES) throw new UsageError('Standard input is larger than 64 MiB');
    chunks.push(bytes);
  }
  const decoded = decode(Buffer.concat(chunks));
  if ('text' in decoded) return decoded.text;
  throw new UsageError(
    decoded.skip === 'binary'
      ? 'Standard input is binary (it holds NUL bytes), not YAML or JSON'
      : 'Standard input is not valid UTF-8',
  );
}
