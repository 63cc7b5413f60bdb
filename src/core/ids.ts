import { fromBase32, toBase32 } from './base32.js';
import { invalid } from './errors.js';

/** A community: SHA-256 of its first public key, in base32hex. */
export type OriginId = string;
/** An entry of a log: its leaf hash, in base32hex. */
export type EntryId = string;

const hashBytes = 32;
export const idCharacters = 52;

export function toId(hash: Uint8Array): string {
  return toBase32(hash);
}

/** @throws MootError `invalid` naming `field` unless `id` is 52 characters of base32hex. */
export function fromId(id: string, field = 'id'): Uint8Array {
  const bytes = id.length === idCharacters ? fromBase32(id) : undefined;
  if (bytes?.length !== hashBytes) throw invalid(field, `${field} is not an id (52 characters, 0-9 and a-v)`);
  return bytes;
}

/** As `fromId`, for who does not need the bytes: a tenth of the time. @throws MootError `invalid` naming `field`. */
export function requireId(id: string, field: string): void {
  if (!isId(id)) fromId(id, field);
}

export function isId(id: string): boolean {
  return form.test(id);
}

/** 52 letters are four bits more than a hash has, and those are 0. */
const form = /^[0-9a-v]{51}[0g]$/;
