import { invalid, isMootError, MootError } from '../core/errors.js';
import { requireId } from '../core/ids.js';
import { requireText } from '../core/text.js';
import { isKeyLineSize } from '../identity/key-line.js';

/** A 64-bit number of a message as a number. @throws MootError `invalid` below `least` or past 2^53 - 1. */
export function toNumber(value: bigint, field: string, least = 0): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least)
    throw invalid(field, `${field} is not a number from ${least} to 2^53 - 1`);
  return number;
}

/** A date of a message, in milliseconds since 1970; may lie before it. @throws MootError `invalid`. */
export function toDateMs(value: bigint, field: string): number {
  return toNumber(value, field, -Number.MAX_SAFE_INTEGER);
}

/** @throws MootError `invalid` unless `bytes` has exactly `length` bytes. */
export function exactly(bytes: Uint8Array, length: number, field: string): Uint8Array {
  if (bytes.length !== length) throw invalid(field, `${field} has ${bytes.length} bytes; it takes ${length}`);
  return bytes;
}

/** @throws MootError `invalid` unless `bytes` is as long as a public key is, with its rotations. */
export function publicKeyIn(bytes: Uint8Array, field = 'publicKey'): Uint8Array {
  if (isKeyLineSize(bytes.length)) return bytes;
  throw invalid(field, `${field} has ${bytes.length} bytes; it takes 32, and more only for rotations`);
}

/** @throws MootError `invalid` naming the range; 0 stands for `byDefault`, where there is one. */
export function inRange(value: number, field: string, least: number, most: number, byDefault?: number): number {
  if (value === 0 && byDefault !== undefined) return byDefault;
  if (value < least || value > most) throw invalid(field, `${field} is ${value}; it goes from ${least} to ${most}`);
  return value;
}

/** @throws MootError `invalid` unless `text` is one line of at most `most` characters. */
export function shortText(text: string, field: string, most: number): string {
  if (text.length > most) throw invalid(field, `${field} has ${text.length} characters; the limit is ${most}`);
  requireText(field, text, 'one line');
  return text;
}

/** @throws MootError `invalid` unless all are ids, and at most `most`. */
export function idList(ids: readonly string[], field: string, most: number): readonly string[] {
  if (ids.length > most) throw invalid(field, `${field} has ${ids.length} values; the limit is ${most}`);
  for (const id of ids) requireId(id, field);
  return ids;
}

/** @throws MootError `invalid` when a part of a message that must be there is not. */
export function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw invalid(field, `${field} is missing`);
  return value;
}

/** The same bytes, as the generated code wants them. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Reads what another server answered: there, `invalid` is not the caller's fault.
 * @throws MootError `damaged` for whatever `read` refuses.
 */
export function readAnswer<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (isMootError(cause) && cause.code === 'damaged') throw cause;
    const why = isMootError(cause) ? `: ${cause.message}` : '';
    throw new MootError('damaged', `the answer cannot be read${why}`, { cause });
  }
}
