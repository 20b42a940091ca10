/** Reads one file of a hostile folder: only regular files, only so many bytes, only text. */
import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
} from 'node:fs';

/** Bytes at the start of a file in which a NUL makes it binary: the rule of git and of grep. */
const BINARY_SNIFF = 8 * 1024;
/** Bytes of a file too large to read that are searched for a manifest. */
const HEAD = 64 * 1024;

/** Why a file was not read. */
export type Skip =
  | 'missing'
  | 'symlink'
  | 'special'
  | 'too-large'
  | 'binary'
  | 'not-utf8'
  | 'unreadable';

/** The text of a file, or why there is none. */
export type Reading =
  | { readonly text: string }
  | {
      readonly skip: Skip;
      /** The part of the file that was looked at reads like a Kubernetes manifest. */
      readonly manifestLike: boolean;
      /** Size in bytes, the kind of the special file, or the code of the system's error. */
      readonly detail: string;
    };

/** Opening never follows a link in the last place and never waits for the writer of a pipe. */
const SAFELY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What a file is that is not a regular one, in words. */
export function specialKind(stats: Stats): string {
  if (stats.isFIFO()) return 'named pipe';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'device';
  return stats.isDirectory() ? 'folder' : 'special file';
}

/** The code (`EACCES`) of an error of the file system. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}

/** What a path is, links not followed; undefined when it does not exist or may not be looked at. */
export function entryOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function readBytes(descriptor: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const count = readSync(descriptor, bytes, read, length - read, read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

/** True when the head of a file, in any encoding with an ASCII part, has the keys apiVersion and kind. */
export function looksLikeManifest(bytes: Buffer): boolean {
  const head = bytes.subarray(0, HEAD).toString('latin1').replaceAll('\0', '');
  const text = head.replace(/^(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)/, '');
  return (
    /^[ \t-]*["']?apiVersion["']?[ \t]*:|"apiVersion"\s*:/m.test(text) &&
    /^[ \t-]*["']?kind["']?[ \t]*:|"kind"\s*:/m.test(text)
  );
}

/**
 * The text of bytes in UTF-8, or in UTF-16 with a byte order mark; else why they are none. The byte order mark
 * is not part of the text: offsets, lines and columns count from the character after it.
 */
export function decode(bytes: Buffer): { readonly text: string } | { readonly skip: Skip } {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe && !(third === 0 && fourth === 0))
    return decodeUtf16(bytes);
  if (first === 0xfe && second === 0xff) {
    return bytes.length % 2 === 0 ? decodeUtf16(Buffer.from(bytes).swap16()) : { skip: 'not-utf8' };
  }
  if (bytes.subarray(0, BINARY_SNIFF).includes(0)) return { skip: 'binary' };
  if (!isUtf8(bytes)) return { skip: 'not-utf8' };
  const marked = first === 0xef && second === 0xbb && third === 0xbf;
  return { text: bytes.toString('utf8', marked ? 3 : 0) };
}

function decodeUtf16(bytes: Buffer): { readonly text: string } | { readonly skip: Skip } {
  try {
    return { text: new TextDecoder('utf-16le', { fatal: true }).decode(bytes) };
  } catch {
    return { skip: 'not-utf8' };
  }
}

/** The bytes of a regular file of at most `maxBytes`; undefined for anything else. */
export function readData(path: string, maxBytes: number): Uint8Array | undefined {
  let descriptor: number | undefined;
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    descriptor = openSync(path, SAFELY);
    const opened = fstatSync(descriptor);
    if (!opened.isFile() || opened.size > maxBytes) return undefined;
    return readBytes(descriptor, opened.size);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Reads a regular file of at most `maxBytes`; never follows a symbolic link in the last place, never waits.
 * Throws nothing: an error of the file system is a reason to skip.
 */
export function readText(path: string, maxBytes: number): Reading {
  let descriptor: number | undefined;
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { skip: 'missing', manifestLike: false, detail: '' };
    if (stats.isSymbolicLink()) return { skip: 'symlink', manifestLike: false, detail: '' };
    if (!stats.isFile())
      return { skip: 'special', manifestLike: false, detail: specialKind(stats) };
    descriptor = openSync(path, SAFELY);
    // The file may have been replaced since: what was opened is what counts.
    const opened = fstatSync(descriptor);
    if (!opened.isFile())
      return { skip: 'special', manifestLike: false, detail: specialKind(opened) };
    if (opened.size > maxBytes) {
      const manifestLike = looksLikeManifest(readBytes(descriptor, Math.min(HEAD, opened.size)));
      return { skip: 'too-large', manifestLike, detail: String(opened.size) };
    }
    const bytes = readBytes(descriptor, opened.size);
    const decoded = decode(bytes);
    if ('text' in decoded) return decoded;
    return { ...decoded, manifestLike: looksLikeManifest(bytes), detail: '' };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { skip: 'missing', manifestLike: false, detail: '' };
    return { skip: 'unreadable', manifestLike: false, detail: code };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
