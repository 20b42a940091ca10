/** Texts that are named like code and are none, or none that a person wrote. */

/** Qt Linguist translations (`.ts` XML) and MPEG transport streams (`.ts` video). */
export function isNoCode(text: string): boolean {
  const head = text.slice(0, 256).replace(/^\uFEFF?\s*/, '');
  if (/^(<\?xml|<!DOCTYPE\s+TS\b|<TS[\s>])/i.test(head)) return true;
  // A packet of a transport stream begins with 0x47 and has 188 bytes.
  return head.startsWith('G') && text.charAt(188) === 'G' && /[\0-\x08]/.test(text.slice(0, 377));
}

const LONG_LINE = 1000;

/** More than half of the text is in long lines that are dense with punctuation: bundles, compiled output. */
export function isMinified(text: string): boolean {
  if (text.length < 4 * LONG_LINE) return false;
  let long = 0;
  let punctuation = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (end - start > LONG_LINE) {
      long += end - start;
      for (let i = start; i < end; i++) if (isPunctuation(text.charCodeAt(i))) punctuation++;
    }
    start = end + 1;
  }
  return long * 2 > text.length && punctuation * 20 > long;
}

/** `(),;{}` */
function isPunctuation(code: number): boolean {
  return code === 40 || code === 41 || code === 44 || code === 59 || code === 123 || code === 125;
}
