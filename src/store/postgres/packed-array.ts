/**
 * Lists on their way to PostgreSQL, in the binary form of arrays that it, CockroachDB and YugabyteDB read: the number of
 * dimensions, whether there are NULLs, the type; the length and 1; then each value behind its length, -1 for NULL.
 */
const headerBytes = 20;
const types = { bytes: 17, text: 25, int8: 20 } as const;

export function bytesArray(values: readonly (Uint8Array | null)[]): Buffer {
  return pack(types.bytes, values);
}

export function textArray(values: readonly (string | null)[]): Buffer {
  return pack(
    types.text,
    values.map((value) => (value === null ? null : Buffer.from(value, 'utf8'))),
  );
}

export function numberArray(values: readonly (number | null)[]): Buffer {
  const packed = headed(types.int8, values.length, values.length * 12);
  let at = headerBytes;
  for (const value of values) {
    at = packed.writeInt32BE(value === null ? -1 : 8, at);
    if (value !== null) at = packed.writeBigInt64BE(BigInt(value), at);
  }
  return packed.subarray(0, at);
}

function pack(type: number, values: readonly (Uint8Array | null)[]): Buffer {
  const bytes = values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
  const packed = headed(type, values.length, values.length * 4 + bytes);
  let at = headerBytes;
  for (const value of values) {
    at = packed.writeInt32BE(value?.length ?? -1, at);
    if (value === null) continue;
    packed.set(value, at);
    at += value.length;
  }
  return packed;
}

function headed(type: number, length: number, bytes: number): Buffer {
  const packed = Buffer.allocUnsafe(headerBytes + bytes);
  // An empty array of one dimension is legal as input, and becomes the empty array.
  for (const [index, part] of [1, 1, type, length, 1].entries()) packed.writeInt32BE(part, index * 4);
  return packed;
}
