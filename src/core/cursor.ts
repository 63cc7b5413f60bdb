import { fromBase32, toBase32 } from './base32.js';
import { invalid } from './errors.js';
import { fromId, type OriginId, toId } from './ids.js';
import type { LogPlace } from './log.js';
import { Reader, Writer } from './protobuf.js';

/** Where a log begins that a cursor does not name. */
export type Start = 'now' | 'beginning';

/** A place in many logs. It means the same at every server that has them. */
export interface Cursor {
  readonly places: ReadonlyMap<OriginId, LogPlace>;
  readonly start: Start;
}

/** Says which version of this format it is. */
const mark = 'c1';
const checkBytes = 4;
/** More logs than one server carries (1,000 for each of its links) are no cursor of ours. */
const mostPlaces = 100_000;

/** A cursor as one word, for people and scripts to keep. */
export function toCursorText({ places, start }: Cursor): string {
  const message = new Writer().begin().varintField(1, start === 'beginning' ? 1 : 0);
  const place = new Writer();
  for (const [origin, { epoch, seq }] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
    place.begin().bytesField(1, fromId(origin)).varintField(2, epoch).varintField(3, seq);
    message.bytesField(2, place.view());
  }
  const said = message.view();
  const bytes = new Uint8Array(said.length + checkBytes);
  bytes.set(said);
  new DataView(bytes.buffer).setUint32(said.length, checksum(said));
  return mark + toBase32(bytes);
}

/** @throws MootError `invalid` naming `field` unless `toCursorText` gave it, whole. */
export function parseCursor(text: string, field = 'cursor'): Cursor {
  const bytes = text.startsWith(mark) ? fromBase32(text.slice(mark.length)) : undefined;
  const said = bytes?.subarray(0, -checkBytes);
  if (!bytes || !said || bytes.length < checkBytes || checksum(said) !== checkOf(bytes)) throw garbage(field);
  try {
    return read(said);
  } catch {
    throw garbage(field);
  }
}

function read(bytes: Uint8Array): Cursor {
  const places = new Map<OriginId, LogPlace>();
  let start: Start = 'now';
  for (const reader = new Reader(bytes); reader.next(); ) {
    if (reader.number === 1) start = reader.varint() === 1 ? 'beginning' : 'now';
    else if (reader.number !== 2) reader.skip();
    else {
      const [origin, place] = readPlace(reader.view());
      if (places.has(origin) || places.size >= mostPlaces)
        throw new RangeError('a log stands in it twice, or too many');
      places.set(origin, place);
    }
  }
  return { places, start };
}

function readPlace(bytes: Uint8Array): [OriginId, LogPlace] {
  let origin = '';
  let epoch = 0;
  let seq = 0;
  for (const reader = new Reader(bytes); reader.next(); ) {
    if (reader.number === 1) origin = toId(reader.view());
    else if (reader.number === 2) epoch = reader.varint();
    else if (reader.number === 3) seq = reader.varint();
    else reader.skip();
  }
  fromId(origin);
  if (epoch < 1) throw new RangeError('a place has no epoch');
  return [origin, { epoch, seq }];
}

/** FNV-1a, 32 bits: finds what was cut or mistyped. Nobody gains by a forged cursor. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function checkOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - checkBytes);
}

function garbage(field: string): Error {
  return invalid(field, `${field} is not a cursor, or not whole`, 'take it as a subscription printed it');
}
