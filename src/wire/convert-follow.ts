import type { Seal } from '../core/entry.js';
import { invalid } from '../core/errors.js';
import type { Carried, FollowFrame, FollowRequest } from '../core/following.js';
import { fromId, type OriginId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Commit, CommitEntry, Gap, Gone, LogPlace } from '../core/log.js';
import { leafHash } from '../identity/merkle.js';
import { exactly, idList, required, shortText, toBuffer, toDateMs, toNumber } from './check.js';
import { fromWireHead, fromWireSeal, toWireHead, toWireSeal } from './convert-seal.js';
import { type Place, type Gap as WireGap, Gone as WireGone } from './gen/moot/v1/article.js';
import type {
  Carrying,
  CommitPiece,
  FollowResponse,
  FollowRequest as WireFollowRequest,
} from './gen/moot/v1/federation.js';

/** What one commit, one message, one request may hold at most. */
const most = {
  entriesInCommit: 65_536,
  commitBytes: 8 * 1024 * 1024,
  entriesInPiece: 64,
  pieceBytes: limits.frameBytes,
  piecesInMessage: 64,
  pathServers: 255,
  headsInMessage: 256,
  places: 100_000,
} as const;

export function toWireFollowRequest({ cursor, origins, once }: FollowRequest): WireFollowRequest {
  return { cursor: [...cursor].map(([origin, place]) => toWirePlace(origin, place)), origins: [...origins], once };
}

/** @throws MootError `invalid` naming the field. */
export function fromWireFollowRequest({ cursor, origins, once }: WireFollowRequest): FollowRequest {
  if (cursor.length > most.places) throw invalid('cursor', `cursor names ${cursor.length} logs`);
  const places = new Map(cursor.map((place) => [place.origin, fromWirePlace(place)]));
  if (places.size < cursor.length) throw invalid('cursor', 'cursor names a log twice');
  return { cursor: places, origins: idList(origins, 'origins', most.places), once };
}

/** The messages that carry a frame: commits are cut into pieces, each message at most one of the size of a frame. */
export function* toWireFollowFrames(frame: FollowFrame): Generator<FollowResponse> {
  switch (frame.kind) {
    case 'carrying':
      yield { frame: { $case: 'carrying', value: toWireCarrying(frame.carried) } };
      return;
    case 'stopped':
      yield { frame: { $case: 'stopped', value: { origin: frame.origin } } };
      return;
    case 'commits':
      for (const pieces of messagesOf(frame.commits)) yield { frame: { $case: 'commits', value: { pieces } } };
      return;
    case 'heads':
      // One at least: no heads is a heartbeat.
      for (let at = 0; at === 0 || at < frame.heads.length; at += most.headsInMessage) {
        const heads = frame.heads.slice(at, at + most.headsInMessage).map(toWireHead);
        yield { frame: { $case: 'heads', value: { heads } } };
      }
      return;
    case 'gap':
      yield { frame: { $case: 'gap', value: toWireGap(frame.gap) } };
      return;
  }
}

interface Room {
  readonly entries: number;
  readonly bytes: number;
}

function* messagesOf(commits: readonly Commit[]): Generator<CommitPiece[]> {
  let pieces: CommitPiece[] = [];
  let room: Room = { entries: most.entriesInPiece, bytes: most.pieceBytes };
  for (const commit of commits) {
    for (const piece of piecesOf(commit)) {
      const bytes = piece.entries.reduce((sum, { length }) => sum + length, 0);
      if (pieces.length > 0 && (piece.entries.length > room.entries || bytes > room.bytes)) {
        yield pieces;
        pieces = [];
        room = { entries: most.entriesInPiece, bytes: most.pieceBytes };
      }
      pieces.push(piece);
      room = { entries: room.entries - piece.entries.length, bytes: room.bytes - bytes };
    }
  }
  if (pieces.length > 0) yield pieces;
}

function* piecesOf({ seal, entries, storedAtMs }: Commit): Generator<CommitPiece> {
  for (let from = 0; from < entries.length; ) {
    let to = from;
    for (let bytes = 0; to < entries.length && to - from < most.entriesInPiece; to += 1) {
      bytes += entries[to]?.bytes?.length ?? 0;
      if (to > from && bytes > most.pieceBytes) break;
    }
    const some = entries.slice(from, to);
    const gone = some.filter(({ bytes }) => bytes === undefined);
    yield {
      seal: from === 0 ? toWireSeal(seal) : undefined,
      entries: some.map(({ bytes }) => (bytes ? toBuffer(bytes) : nothing)),
      hashes: Buffer.concat(gone.map(({ hash }) => hash)),
      gone: gone.map((entry) => wireGone[entry.gone ?? 'hidden']),
      storedAtMs: BigInt(Math.round(storedAtMs)),
    };
    from = to;
  }
}

const nothing = Buffer.alloc(0);
const wireGone: Readonly<Record<Gone, WireGone>> = { retracted: WireGone.GONE_RETRACTED, hidden: WireGone.GONE_HIDDEN };

interface Assembling {
  readonly seal: Seal;
  readonly entries: CommitEntry[];
  bytes: number;
}

/** Puts the messages of one stream together again. What it gives is well formed and whole, but nobody has checked it. */
export class FollowReader {
  private open: Assembling | undefined;

  /** The frame that a message is or completes; undefined when more is to come. @throws MootError `invalid`. */
  read({ frame }: FollowResponse): FollowFrame | undefined {
    if (this.open && frame?.$case !== 'commits')
      throw invalid('frame', 'something else came in the middle of a commit');
    switch (frame?.$case) {
      case 'carrying':
        return { kind: 'carrying', carried: fromWireCarrying(frame.value) };
      case 'stopped':
        fromId(frame.value.origin, 'origin');
        return { kind: 'stopped', origin: frame.value.origin };
      case 'commits': {
        if (frame.value.pieces.length > most.piecesInMessage) throw invalid('pieces', 'a message has too many pieces');
        const commits = frame.value.pieces.flatMap((piece) => this.assemble(piece) ?? []);
        return commits.length > 0 ? { kind: 'commits', commits } : undefined;
      }
      case 'heads': {
        if (frame.value.heads.length > most.headsInMessage) throw invalid('heads', 'a message has too many heads');
        return { kind: 'heads', heads: frame.value.heads.map(fromWireHead) };
      }
      case 'gap':
        return { kind: 'gap', gap: fromWireGap(frame.value) };
      case undefined:
        throw invalid('frame', 'a frame is empty, or of a kind that is not known here');
    }
  }

  private assemble(piece: CommitPiece): Commit | undefined {
    const open = piece.seal ? this.begin(fromWireSeal(piece.seal)) : this.open;
    if (!open) throw invalid('seal', 'a commit begins without its seal');
    this.open = open;
    readEntries(piece, open);
    if (open.entries.length < open.seal.size) return undefined;
    if (open.entries.length > open.seal.size)
      throw invalid('entries', 'a commit has more entries than its seal covers');
    this.open = undefined;
    return { seal: open.seal, entries: open.entries, storedAtMs: toDateMs(piece.storedAtMs, 'storedAt') };
  }

  private begin(seal: Seal): Assembling {
    if (this.open) throw invalid('seal', 'a commit begins in the middle of another');
    if (seal.size > most.entriesInCommit) throw invalid('size', `a commit has ${seal.size} entries`);
    return { seal, entries: [], bytes: 0 };
  }
}

function readEntries({ entries, hashes, gone }: CommitPiece, open: Assembling): void {
  if (entries.length === 0) throw invalid('entries', 'a piece of a commit is empty');
  if (entries.length > most.entriesInPiece) throw invalid('entries', `a piece has ${entries.length} entries`);
  exactly(hashes, 32 * gone.length, 'hashes');
  const before = open.bytes;
  let missing = 0;
  for (const bytes of entries) {
    open.bytes += bytes.length;
    if (bytes.length > 0) {
      open.entries.push({ hash: leafHash(bytes), bytes, gone: undefined });
      continue;
    }
    const why = fromWireGone(gone[missing]);
    open.entries.push({ hash: hashes.subarray(32 * missing, 32 * missing + 32), bytes: undefined, gone: why });
    missing += 1;
  }
  if (missing !== gone.length) throw invalid('gone', 'there is a reason for an entry that is there');
  if (entries.length > 1 && open.bytes - before > most.pieceBytes) throw invalid('entries', 'a piece is too large');
  if (open.bytes > most.commitBytes) throw invalid('entries', `a commit is over ${most.commitBytes} bytes`);
}

function fromWireGone(gone: WireGone | undefined): Gone {
  if (gone === WireGone.GONE_RETRACTED) return 'retracted';
  if (gone === WireGone.GONE_HIDDEN) return 'hidden';
  throw invalid('gone', 'there is no reason for an entry that is not there');
}

function toWireCarrying({ origin, name, path, after, head }: Carried): Carrying {
  return { origin, name, path: [...path], after: toWirePlace(origin, after), head: head && toWireHead(head) };
}

function fromWireCarrying({ origin, name, path, after, head }: Carrying): Carried {
  fromId(origin, 'origin');
  return {
    origin,
    name: shortText(name, 'name', limits.nameCharacters),
    path: idList(path, 'path', most.pathServers),
    after: fromWirePlace(required(after, 'after')),
    head: head && fromWireHead(head),
  };
}

function toWirePlace(origin: OriginId, { epoch, seq }: LogPlace): Place {
  return { origin, epoch: BigInt(epoch), seq: BigInt(seq) };
}

function fromWirePlace({ origin, epoch, seq }: Place): LogPlace {
  fromId(origin, 'origin');
  return { epoch: toNumber(epoch, 'epoch', 1), seq: toNumber(seq, 'seq') };
}

function toWireGap({ origin, epoch, fromSeq, toSeq, reason }: Gap): WireGap {
  return { origin, epoch: BigInt(epoch), fromSeq: BigInt(fromSeq), toSeq: BigInt(toSeq), reason };
}

function fromWireGap({ origin, epoch, fromSeq, toSeq, reason }: WireGap): Gap {
  fromId(origin, 'origin');
  const from = toNumber(fromSeq, 'fromSeq', 1);
  return {
    origin,
    epoch: toNumber(epoch, 'epoch', 1),
    fromSeq: from,
    toSeq: toNumber(toSeq, 'toSeq', from),
    reason: shortText(reason, 'reason', limits.textCharacters),
  };
}
