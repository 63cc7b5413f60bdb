/**
 * base32hex without padding, lower case (RFC 4648, section 7). Its letters stand in the order of their values, so ids sort
 * as text the way their bytes sort.
 */
const letters = '0123456789abcdefghijklmnopqrstuv';
const values = new Map([...letters].map((letter, value) => [letter, value]));

/** Two letters for each ten bits: every id that is shown goes through here. */
const pairs = Array.from({ length: 1024 }, (_, value) => `${letters[value >> 5]}${letters[value & 31]}`);

export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    buffer = ((buffer << 8) | (bytes[at] ?? 0)) & 0x3ffff;
    bits += 8;
    if (bits < 10) continue;
    bits -= 10;
    text += pairs[(buffer >> bits) & 1023];
  }
  if (bits > 5) return text + pairs[(buffer << (10 - bits)) & 1023];
  return bits > 0 ? text + letters[(buffer << (5 - bits)) & 31] : text;
}

/** @returns undefined when `text` is not what `toBase32` gives for any bytes. */
export function fromBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const value = values.get(letter);
    if (value === undefined) return undefined;
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (buffer >> bits) & 0xff;
    }
  }
  const spare = buffer & ((1 << bits) - 1);
  return bits >= 5 || spare !== 0 ? undefined : bytes;
}
