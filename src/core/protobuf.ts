/**
 * The little of protobuf's encoding that an Entry needs (varints, lengths, fields in rising order). The log must be encoded
 * the same on every machine and in the writer's thread, so this stands in the core; a test holds it to the generated code.
 */
export class Writer {
  private buffer = new Uint8Array(2048);
  private length = 0;

  /** Begins a new message in the room of the one before. */
  begin(): this {
    this.length = 0;
    return this;
  }

  varintField(field: number, value: number): this {
    if (value === 0) return this;
    return this.varint(field * 8).varint(value);
  }

  textField(field: number, value: string, evenEmpty = false): this {
    if (value === '' && !evenEmpty) return this;
    this.varint(field * 8 + 2);
    const most = value.length * 3;
    this.room(most + 5);
    // The length goes before the text: written where it will stand when it takes one byte, moved where it takes more.
    const start = this.length;
    const { written } = encoder.encodeInto(value, this.buffer.subarray(start + 1, start + 1 + most));
    if (written > 127) {
      const shift = varintSize(written) - 1;
      this.buffer.copyWithin(start + 1 + shift, start + 1, start + 1 + written);
    }
    this.varint(written);
    this.length += written;
    return this;
  }

  bytesField(field: number, value: Uint8Array): this {
    if (value.length === 0) return this;
    this.varint(field * 8 + 2)
      .varint(value.length)
      .room(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  /** What was written: a view that holds until the next `begin`. */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private varint(value: number): this {
    this.room(10);
    let rest = value;
    while (rest > 127) {
      this.buffer[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
    return this;
  }

  private room(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

export type Field =
  | { readonly number: number; readonly kind: 'varint'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Uint8Array };

/** The fields of a message. @throws RangeError when the bytes are not a message, or a number is over 2^53 - 1. */
export function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('the message ends in the middle of a number');
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) {
        if (!Number.isSafeInteger(value)) throw new RangeError('a number is too large');
        return value;
      }
    }
    throw new RangeError('a number is too long');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('the message ends in the middle of a field');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (number === 0) throw new RangeError('field number 0');
    if (type === 0) yield { number, kind: 'varint', value: varint() };
    else if (type === 2) yield { number, kind: 'bytes', value: take(varint()) };
    else if (type === 1) take(8);
    else if (type === 5) take(4);
    else throw new RangeError(`wire type ${type} is not known`);
  }
}

const encoder = new TextEncoder();
