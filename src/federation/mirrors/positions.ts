import { noHash } from '../../core/entry.js';
import { decodeEntry } from '../../core/entry-codec.js';
import type { OriginId } from '../../core/ids.js';
import {
  type Commit,
  comparePlaces,
  endOf,
  endOfGap,
  type Gap,
  type LogPlace,
  type LogState,
  logStart,
} from '../../core/log.js';
import { sealHash } from '../../identity/seal-statement.js';

/** How far a log has come here. */
export interface Standing {
  readonly end: LogPlace;
  /** Hash of the last seal; zeros where it is not known. */
  readonly lastSeal: Uint8Array;
}

/**
 * How a commit stands to a log: `next` goes on with it; `echo` is there already; `hole` comes later; `jump` begins an epoch
 * that may have been preceded by more; `fork` claims a place that the log has given to something else.
 */
export type Relation = 'echo' | 'next' | 'hole' | 'jump' | 'fork';

export function relationOf({ end, lastSeal }: Standing, commit: Commit): Relation {
  const { seal } = commit;
  if (comparePlaces(endOf(commit), end) <= 0) return 'echo';
  const goesOn = Buffer.compare(seal.previous, lastSeal) === 0;
  if (seal.epoch !== end.epoch) return beginsEpoch(commit) ? (goesOn ? 'next' : 'jump') : 'hole';
  if (seal.firstSeq > end.seq + 1) return 'hole';
  const isKnown = Buffer.compare(lastSeal, noHash) !== 0;
  return seal.firstSeq === end.seq + 1 && (goesOn || !isKnown) ? 'next' : 'fork';
}

function beginsEpoch({ entries }: Commit): boolean {
  const bytes = entries[0]?.bytes;
  return bytes !== undefined && decodeEntry(bytes).kind === 'epoch-start';
}

const nothing: Standing = { end: logStart, lastSeal: noHash };

/** Where every log stands here. Only what is durable moves it. */
export class Positions {
  private readonly standings = new Map<OriginId, Standing>();
  private readonly begins = new Map<OriginId, LogPlace>();

  note({ origin, end, lastSeal, after }: LogState): void {
    this.standings.set(origin, { end, lastSeal });
    this.begins.set(origin, after);
  }

  /** The oldest that was kept has gone. */
  began({ origin, after }: LogState): void {
    this.begins.set(origin, after);
  }

  has(origin: OriginId): boolean {
    return this.standings.has(origin);
  }

  of(origin: OriginId): Standing {
    return this.standings.get(origin) ?? nothing;
  }

  /** The place before the oldest entry that is kept. */
  after(origin: OriginId): LogPlace {
    return this.begins.get(origin) ?? logStart;
  }

  committed(commit: Commit): void {
    const { origin } = commit.seal;
    if (comparePlaces(endOf(commit), this.of(origin).end) <= 0) return;
    this.standings.set(origin, standingAfter(commit));
  }

  skipped(gap: Gap): void {
    this.standings.set(gap.origin, { end: endOfGap(gap), lastSeal: noHash });
  }

  forget(origin: OriginId): void {
    this.standings.delete(origin);
    this.begins.delete(origin);
  }

  /** What a stream that is opened now asks to go on from. */
  cursor(): ReadonlyMap<OriginId, LogPlace> {
    return new Map([...this.standings].map(([origin, { end }]) => [origin, end]));
  }

  origins(): readonly OriginId[] {
    return [...this.standings.keys()];
  }
}

export function standingAfter(commit: Commit): Standing {
  return { end: endOf(commit), lastSeal: sealHash(commit.seal) };
}
