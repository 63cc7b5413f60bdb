import type { Entry, EntryKind } from './entry.js';
import { MootError } from './errors.js';
import { isId } from './ids.js';
import { Reader, Writer } from './protobuf.js';

/** What each kind is called in the bytes of an entry. */
export const kindNumbers: Readonly<Record<EntryKind, number>> = {
  article: 1,
  retraction: 2,
  rotation: 3,
  'epoch-start': 4,
};
const kindOf: readonly (EntryKind | undefined)[] = [undefined, 'article', 'retraction', 'rotation', 'epoch-start'];
const nothing = new Uint8Array(0);
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A text that is often the same as in the entry before: read once, then recognised. */
class LikelyText {
  private bytes = nothing;
  private text = '';

  /** `isRight` looks at each new one. */
  constructor(private readonly isRight: (text: string) => boolean = () => true) {}

  read(reader: Reader): string {
    if (reader.isSame(this.bytes)) return this.text;
    const bytes = reader.view();
    const read = text.decode(bytes);
    if (!this.isRight(read)) throw new RangeError('a field is not what it should be');
    this.text = read;
    this.bytes = bytes.slice();
    return read;
  }
}

const origins = new LikelyText(isId);
const memberIds = new LikelyText();
const memberNames = new LikelyText();

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
    .varintField(4, kindNumbers[entry.kind])
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
    .varintField(16, entry.retractsSeq)
    .varintField(17, entry.retractsEpoch)
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
  // One shape for all: what is set field by field costs twice as much.
  let origin = '';
  let topic = '';
  let author = '';
  let memberId = '';
  let memberName = '';
  let body = '';
  let replyTo = '';
  let retracts = '';
  let mediaType = '';
  let epoch = 0;
  let seq = 0;
  let publishedAtMs = 0;
  let retractsSeq = 0;
  let retractsEpoch = 0;
  let kind: EntryKind | undefined;
  let title: string | undefined;
  let nextPublicKey: Uint8Array = nothing;
  for (const reader = new Reader(bytes); reader.next(); ) {
    switch (reader.number) {
      case 1:
        origin = origins.read(reader);
        break;
      case 2:
        epoch = reader.varint();
        break;
      case 3:
        seq = reader.varint();
        break;
      case 4:
        kind = kindOf[reader.varint()];
        break;
      case 5:
        topic = text.decode(reader.view());
        break;
      case 6:
        author = text.decode(reader.view());
        break;
      case 7:
        memberId = memberIds.read(reader);
        break;
      case 8:
        memberName = memberNames.read(reader);
        break;
      case 9:
        title = text.decode(reader.view());
        break;
      case 10:
        body = text.decode(reader.view());
        break;
      case 11:
        publishedAtMs = reader.varint();
        break;
      case 12:
        replyTo = text.decode(reader.view());
        break;
      case 13:
        retracts = text.decode(reader.view());
        break;
      case 14:
        mediaType = text.decode(reader.view());
        break;
      case 15:
        nextPublicKey = reader.view();
        break;
      case 16:
        retractsSeq = reader.varint();
        break;
      case 17:
        retractsEpoch = reader.varint();
        break;
      default:
        reader.skip();
    }
  }
  if (origin === '' || epoch < 1 || seq < 1 || kind === undefined) throw new RangeError('a required field is missing');
  return {
    origin,
    epoch,
    seq,
    kind,
    topic,
    author,
    memberId,
    memberName,
    title,
    body,
    publishedAtMs,
    replyTo,
    retracts,
    mediaType,
    nextPublicKey,
    retractsSeq,
    retractsEpoch,
  };
}
