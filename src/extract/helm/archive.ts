/** Packed charts (`charts/redis-18.1.0.tgz`): gunzip and tar with bounds, in memory; nothing is unpacked to a disk. */
import { gunzipSync } from 'node:zlib';

/** Bytes of one archive, packed. */
export const MAX_PACKED_BYTES = 5 * 1024 * 1024;
/** Bytes of one archive, unpacked; the largest public charts have about 10 MiB. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;
/** Bytes of one file of an archive; larger ones are left out. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 5000;

const BLOCK = 512;

/** A file of an archive. */
export interface ArchiveFile {
  /** Relative to the archive, with forward slashes: `redis/Chart.yaml`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const ascii = new TextDecoder('latin1');

function fieldOf(block: Uint8Array, start: number, length: number): string {
  const bytes = block.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return ascii.decode(end === -1 ? bytes : bytes.subarray(0, end));
}

/** The path of an extended header (POSIX pax): records of `LENGTH KEY=VALUE\n`. */
function paxPath(text: string): string | undefined {
  return /^\d+ path=(.*)$/m.exec(text)?.[1];
}

/** A path without a way out of the archive; undefined for one that has. */
function safePath(path: string): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (path.startsWith('/') || path.includes('\\') || path.includes('\0')) return undefined;
  return segments.length === 0 || segments.includes('..') ? undefined : segments.join('/');
}

/** The regular files of a gzipped tar archive; or why it cannot be read. Links and devices are left out. */
export function filesOfArchive(packed: Uint8Array): readonly ArchiveFile[] | string {
  if (packed.length > MAX_PACKED_BYTES) return `it has more than ${MAX_PACKED_BYTES} bytes`;
  let tar: Uint8Array;
  try {
    tar = gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? `it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`
      : 'it is no gzip file';
  }
  const files: ArchiveFile[] = [];
  let longPath: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header[0] === 0) break;
    const size = Number.parseInt(fieldOf(header, 124, 12).trim() || '0', 8);
    const start = at + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > tar.length)
      return 'it is no tar archive';
    const content = tar.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'x' || type === 'L') {
      const text = new TextDecoder().decode(content);
      longPath = type === 'x' ? (paxPath(text) ?? longPath) : text.replace(/\0.*$/s, '');
      continue;
    }
    const prefix = fieldOf(header, 257, 5) === 'ustar' ? fieldOf(header, 345, 155) : '';
    const name = fieldOf(header, 0, 100);
    const path = safePath(longPath ?? (prefix === '' ? name : `${prefix}/${name}`));
    longPath = undefined;
    if ((type !== '0' && type !== '\0') || path === undefined || size > MAX_FILE_BYTES) continue;
    if (files.length === MAX_FILES) return `it holds more than ${MAX_FILES} files`;
    files.push({ path, bytes: content });
  }
  return files.length === 0 ? 'it is no tar archive' : files;
}
