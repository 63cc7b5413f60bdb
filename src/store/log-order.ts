import type { Entry } from '../core/entry.js';
import { decodeEntry } from '../core/entry-codec.js';
import { invalid } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { type Commit, comparePlaces, follows, type Gap, type LogPlace } from '../core/log.js';

/** The reason of a gap that nobody noted. */
export const forgotten = 'older than what is kept here';

/**
 * What nobody noted and is not there all the same, between `after` and what begins with `firstSeq` of `epoch`. Sequence
 * numbers go on over epochs, so a later epoch that begins past the next number leaves a hole as well.
 */
export function holeBefore(origin: OriginId, after: LogPlace, epoch: number, firstSeq: number): Gap | undefined {
  if (firstSeq <= after.seq + 1) return undefined;
  return { origin, epoch, fromSeq: after.seq + 1, toSeq: firstSeq - 1, reason: forgotten };
}

/** What was dropped, seen from `after`; `dropped` is the place up to which nothing is kept. */
export function droppedAfter(origin: OriginId, after: LogPlace, dropped: LogPlace): Gap | undefined {
  if (dropped.seq === 0 || comparePlaces(after, dropped) >= 0) return undefined;
  const { epoch, seq } = dropped;
  return { origin, epoch, fromSeq: Math.min(after.seq + 1, seq), toSeq: seq, reason: forgotten };
}

/** A gap as it is seen from within it. */
export function restOf(gap: Gap, after: LogPlace): Gap {
  if (gap.epoch !== after.epoch || gap.fromSeq > after.seq) return gap;
  return { ...gap, fromSeq: after.seq + 1 };
}

/** @throws MootError `invalid` unless there is one entry for each that the seal covers, with its bytes or the reason why not. */
export function assertWhole({ seal, entries }: Commit): void {
  if (entries.length !== seal.size || entries.some(({ bytes, gone }) => !bytes && !gone))
    throw invalid('commits', `the commit from entry ${seal.firstSeq} of log ${seal.origin} on is not whole`);
}

/** @throws MootError `invalid` unless `commit` may be stored after `end`. */
export function assertFollows(end: LogPlace, commit: Commit, own: OriginId): void {
  const { origin, epoch, firstSeq } = commit.seal;
  if (!follows(end, epoch, firstSeq))
    throw invalid('commits', `entry ${firstSeq} of epoch ${epoch} does not follow the end of log ${origin}`);
  if (origin === own && epoch > end.epoch && !beginsAnEpoch(commit))
    throw invalid('commits', `the own log does not go on in epoch ${epoch} without an entry that begins it`);
}

function beginsAnEpoch({ seal, entries: [first] }: Commit): boolean {
  const { origin, epoch, firstSeq } = seal;
  return first?.bytes !== undefined && entryAt(first.bytes, origin, epoch, firstSeq)?.kind === 'epoch-start';
}

/** @throws MootError `invalid` unless the log of a mirror may go on after `gap`. */
export function assertGap(end: LogPlace, { origin, epoch, fromSeq, toSeq }: Gap, own: OriginId): void {
  if (origin === own) throw invalid('gap', 'the own log has no gaps');
  if (!follows(end, epoch, fromSeq) || fromSeq < 1 || toSeq < fromSeq)
    throw invalid('gap', `a gap from ${fromSeq} of epoch ${epoch} on does not follow the end of log ${origin}`);
}

/** What the bytes say; undefined when they are no entry of that place, so that nothing is looked for in them. */
export function entryAt(bytes: Uint8Array, origin: OriginId, epoch: number, seq: number): Entry | undefined {
  try {
    const entry = decodeEntry(bytes);
    return entry.origin === origin && entry.epoch === epoch && entry.seq === seq ? entry : undefined;
  } catch {
    return undefined;
  }
}
