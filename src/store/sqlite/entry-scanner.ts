import { isUtf8 } from 'node:buffer';
import { fromId, isId, type OriginId } from '../../core/ids.js';

/** What of an entry stands in columns. */
export interface EntryColumns {
  readonly kind: number;
  readonly topic: string;
  readonly author: string;
  readonly publishedAtMs: number;
  readonly replyTo: string;
  readonly retracts: string;
  readonly retractsSeq: number;
  readonly retractsEpoch: number;
}

export const articleKind = 1;
export const retractionKind = 2;
/** Kept and passed on, but nothing is looked for in it. */
export const unreadableKind = 0;

const lastField = 17;
const nextPublicKey = 15;
const isNumber = new Set([2, 3, 4, 11, 16, 17]);
const kinds = 4;

/**
 * Reads of an entry what its columns need: each that is mirrored goes through here, and `decodeEntry` would take longer than
 * all the rest. A test holds the two together.
 */
export class EntryScanner {
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  private readonly numbers = new Float64Array(lastField + 1);
  private readonly starts = new Int32Array(lastField + 1);
  private readonly ends = new Int32Array(lastField + 1);

  /** @returns undefined when `decodeEntry` could not read the bytes, or they are of another place. */
  scan(bytes: Uint8Array, origin: OriginId, epoch: number, seq: number): EntryColumns | undefined {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
    for (const fields of [this.numbers, this.starts, this.ends]) fields.fill(0);
    while (this.at < bytes.length) if (!this.field()) return undefined;
    const { numbers } = this;
    const kind = numbers[4] ?? 0;
    if (kind < 1 || kind > kinds || numbers[2] !== epoch || numbers[3] !== seq || this.text(1) !== origin)
      return undefined;
    return {
      kind,
      topic: this.text(5),
      author: this.text(6),
      publishedAtMs: numbers[11] ?? 0,
      replyTo: this.text(12),
      retracts: this.text(13),
      retractsSeq: numbers[16] ?? 0,
      retractsEpoch: numbers[17] ?? 0,
    };
  }

  private text(field: number): string {
    return this.bytes.toString('utf8', this.starts[field], this.ends[field]);
  }

  /** @returns false when there is none. */
  private field(): boolean {
    const tag = this.varint();
    const field = Math.floor(tag / 8);
    const type = tag % 8;
    if (tag < 8) return false;
    if (type === 1 || type === 5) return field > lastField && this.pass(type === 1 ? 8 : 4);
    if (type === 0) {
      const value = this.varint();
      if (value < 0 || (field <= lastField && !isNumber.has(field))) return false;
      if (field <= lastField) this.numbers[field] = value;
      return true;
    }
    if (type !== 2 || isNumber.has(field)) return false;
    const length = this.varint();
    const start = this.at;
    if (length < 0 || !this.pass(length)) return false;
    if (field > lastField || field === nextPublicKey) return true;
    this.starts[field] = start;
    this.ends[field] = this.at;
    return isUtf8(this.bytes.subarray(start, this.at));
  }

  private pass(length: number): boolean {
    this.at += length;
    return this.at <= this.bytes.length;
  }

  /** @returns -1 when there is none. */
  private varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) return -1;
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return Number.isSafeInteger(value) ? value : -1;
    }
    return -1;
  }
}

/** What stands in the column of what an entry answers: 32 bytes, or nothing where it names no article. */
export function answeredId(replyTo: string): Uint8Array | null {
  return isId(replyTo) ? fromId(replyTo) : null;
}
