import type { Entry, EntryKind } from './entry.js';
import { MootError } from './errors.js';
import { isId } from './ids.js';
import { type Field, fields, Writer } from './protobuf.js';

const kinds: Readonly<Record<EntryKind, number>> = { article: 1, retraction: 2, rotation: 3, 'epoch-start': 4 };
const kindOf = new Map(Object.entries(kinds).map(([kind, number]) => [number, kind as EntryKind]));
const nothing = new Uint8Array(0);
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The bytes of an entry: message `Entry` of proto/moot/v1/article.proto, fields in rising order. Called once for each entry,
 * by its origin. Dates before 1970 are not encodable: `parseDraft` refuses them.
 */
export function encodeEntry(entry: Entry): Uint8Array {
  return encodeInto(new Writer(), entry);
}

/** As `encodeEntry`, in the room of `writer`: what it gives holds until the next entry is written there. */
export function encodeInto(writer: Writer, entry: Entry): Uint8Array {
  writer
    .begin()
    .textField(1, entry.origin)
    .varintField(2, entry.epoch)
    .varintField(3, entry.seq)
    .varintField(4, kinds[entry.kind])
    .textField(5, entry.topic)
    .textField(6, entry.author)
    .textField(7, entry.memberId)
    .textField(8, entry.memberName);
  if (entry.title !== undefined) writer.textField(9, entry.title, true);
  return writer
    .textField(10, entry.body)
    .varintField(11, entry.publishedAtMs)
    .textField(12, entry.replyTo)
    .textField(13, entry.retracts)
    .textField(14, entry.mediaType)
    .bytesField(15, entry.nextPublicKey)
    .view();
}

/** Fields that are not known here are passed over. @throws MootError `damaged` when the bytes are no entry. */
export function decodeEntry(bytes: Uint8Array): Entry {
  try {
    return read(bytes);
  } catch (cause) {
    throw new MootError('damaged', 'an entry cannot be read', { cause });
  }
}

function read(bytes: Uint8Array): Entry {
  const texts = new Map<number, string>();
  const numbers = new Map<number, number>();
  let nextPublicKey: Uint8Array = nothing;
  for (const field of fields(bytes)) {
    if (field.number === 15) nextPublicKey = bytesOf(field);
    else if (field.number > 15) continue;
    else if (isNumber.has(field.number)) numbers.set(field.number, numberOf(field));
    else texts.set(field.number, text.decode(bytesOf(field)));
  }
  const origin = texts.get(1) ?? '';
  const epoch = numbers.get(2) ?? 0;
  const seq = numbers.get(3) ?? 0;
  const kind = kindOf.get(numbers.get(4) ?? 0);
  if (!isId(origin) || epoch < 1 || seq < 1 || kind === undefined) throw new RangeError('a required field is missing');
  return {
    origin,
    epoch,
    seq,
    kind,
    topic: texts.get(5) ?? '',
    author: texts.get(6) ?? '',
    memberId: texts.get(7) ?? '',
    memberName: texts.get(8) ?? '',
    title: texts.get(9),
    body: texts.get(10) ?? '',
    publishedAtMs: numbers.get(11) ?? 0,
    replyTo: texts.get(12) ?? '',
    retracts: texts.get(13) ?? '',
    mediaType: texts.get(14) ?? '',
    nextPublicKey,
  };
}

const isNumber = new Set([2, 3, 4, 11]);

function numberOf(field: Field): number {
  if (field.kind !== 'varint') throw new RangeError(`field ${field.number} is no number`);
  return field.value;
}

function bytesOf(field: Field): Uint8Array {
  if (field.kind !== 'bytes') throw new RangeError(`field ${field.number} is no text`);
  return field.value;
}
