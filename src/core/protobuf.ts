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

/** Reads a message field by field. What it throws is a RangeError: the bytes are no message, or a number is over 2^53 - 1. */
export class Reader {
  /** Of the field that `next` came to. */
  number = 0;
  private at = 0;
  private type = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** @returns false at the end. The field is then read by one of the others. */
  next(): boolean {
    if (this.at >= this.bytes.length) return false;
    const byte = this.bytes[this.at] ?? 0;
    if (byte < 128) this.at += 1;
    const tag = byte < 128 ? byte : this.raw();
    this.number = tag < 128 ? tag >> 3 : Math.floor(tag / 8);
    this.type = tag & 7;
    if (this.number === 0) throw new RangeError('field number 0');
    return true;
  }

  varint(): number {
    if (this.type !== 0) throw new RangeError(`field ${this.number} is no number`);
    return this.raw();
  }

  /** A view. */
  view(): Uint8Array {
    const length = this.length();
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Passes over the field when it holds exactly this. */
  isSame(known: Uint8Array): boolean {
    const before = this.at;
    const length = this.length();
    const from = this.at - length;
    let isSame = length === known.length;
    for (let at = 0; isSame && at < length; at += 1) isSame = this.bytes[from + at] === known[at];
    if (!isSame) this.at = before;
    return isSame;
  }

  skip(): void {
    if (this.type === 0) this.raw();
    else if (this.type === 2) this.length();
    else if (this.type === 1) this.pass(8);
    else if (this.type === 5) this.pass(4);
    else throw new RangeError(`wire type ${this.type} is not known`);
  }

  private raw(): number {
    const { bytes } = this;
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = bytes[this.at++];
      if (byte === undefined) throw new RangeError('the message ends in the middle of a number');
      if (byte < 128) {
        value += byte * scale;
        if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('a number is too large');
        return value;
      }
      value += (byte & 127) * scale;
      scale *= 128;
    }
    throw new RangeError('a number is too long');
  }

  /** Passes over what has a length. */
  private length(): number {
    if (this.type !== 2) throw new RangeError(`field ${this.number} is no text`);
    const length = this.raw();
    this.pass(length);
    return length;
  }

  private pass(length: number): void {
    this.at += length;
    if (this.at > this.bytes.length) throw new RangeError('the message ends in the middle of a field');
  }
}

const encoder = new TextEncoder();
