import { invalid } from './errors.js';

/**
 * The words of a text, as search sees them: runs of letters and digits, without accents, in lower case. Every store
 * searches these words, so that all of them find the same.
 */
export function words(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Length in code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** UTF-8 length in bytes. */
export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

const encoder = new TextEncoder();
// Newline and tab are text; everything else below space, DEL and the C1 block is not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what it is for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u;
const lineControl = /[\n\t]/u;

/** @throws MootError `invalid` when `text` holds a control character or half of a surrogate pair. */
export function requireText(field: string, text: string, lines: 'one line' | 'many lines'): void {
  const found = control.exec(text) ?? (lines === 'one line' ? lineControl.exec(text) : null);
  if (found) {
    const code = found[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    throw invalid(field, `${field} holds the control character U+${code} at position ${found.index + 1}`);
  }
  if (!text.isWellFormed()) throw invalid(field, `${field} is not well-formed Unicode`);
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}
