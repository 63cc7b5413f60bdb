import { invalid, systemCode } from '../../../core/errors.js';

/** The text of a document in the encoding that it names: by its byte order mark, its XML declaration, else UTF-8. */
export function documentText(bytes: Uint8Array): string {
  const label = encodingOf(bytes);
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (cause) {
    const isUnknown = systemCode(cause) === 'ERR_ENCODING_NOT_SUPPORTED';
    throw invalid(
      'file',
      isUnknown ? `it names an encoding nobody knows: ${label}` : `it is not ${label.toUpperCase()}`,
    );
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  return /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
}
