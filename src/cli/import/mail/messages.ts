import { lines } from '../lines.js';

export interface RawMessage {
  /** 1 for the first. */
  readonly number: number;
  /** The line before it: `From ada@example.org Sat Jan  3 01:05:34 1996`. */
  readonly envelope: string;
  /** undefined: it is longer than `messageBytes`, and is passed over. */
  readonly bytes: Uint8Array | undefined;
}

/** A message with its pictures. */
export const messageBytes = 32 * 1024 * 1024;

const newline = Buffer.from('\n');
/** The time and the year tell it from a line of text that begins with From and was not marked with `>`. */
const envelopeForm = /^From \S.*\d:\d\d.*\b\d{4}\b/;

/** The messages of an mbox (RFC 4155; `>From` as mboxrd has it), holding no more than one of them. */
export async function* messages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RawMessage> {
  let number = 0;
  let envelope = '';
  let held: Uint8Array[] = [];
  let size = 0;
  let afterBlank = true;
  const take = (): RawMessage => ({ number, envelope, bytes: size > messageBytes ? undefined : Buffer.concat(held) });
  for await (const { bytes } of lines(chunks)) {
    const found = afterBlank && bytes && isFrom(bytes) ? Buffer.from(bytes).toString('latin1') : '';
    if (envelopeForm.test(found)) {
      if (number > 0) yield take();
      number += 1;
      envelope = found;
      held = [];
      size = 0;
    } else if (number > 0) hold(bytes);
    afterBlank = bytes !== undefined && (bytes.length === 0 || (bytes.length === 1 && bytes[0] === 13));
  }
  if (number > 0) yield take();

  function hold(line: Uint8Array | undefined): void {
    size += line === undefined ? messageBytes + 1 : line.length + 1;
    if (size > messageBytes || !line) held = [];
    else held.push(isQuotedFrom(line) ? line.subarray(1) : line, newline);
  }
}

function isFrom(line: Uint8Array): boolean {
  return line[0] === 0x46 && line[1] === 0x72 && line[2] === 0x6f && line[3] === 0x6d && line[4] === 0x20;
}

/** `>From `, `>>From `. */
function isQuotedFrom(line: Uint8Array): boolean {
  if (line[0] !== 0x3e) return false;
  let at = 1;
  while (line[at] === 0x3e) at += 1;
  return isFrom(line.subarray(at, at + 5));
}
