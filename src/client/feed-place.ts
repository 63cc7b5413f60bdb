import { type Cursor, toCursorText } from '../core/cursor.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { comparePlaces, endOfGap, type LogPlace } from '../core/log.js';
import type { EntriesFrame, SubscriptionFrame } from '../core/subscribing.js';
import type { CheckedEntry, PartChecker } from '../identity/check-part.js';
import type { FeedEvent } from './feed-events.js';
import { toLiveArticle } from './to-article.js';

/** Where a reader is in every log, and what the frames of a subscription tell from there on. */
export class FeedPlace {
  private readonly places: Map<OriginId, LogPlace>;

  constructor(
    private readonly from: Cursor,
    private readonly checker: PartChecker,
  ) {
    this.places = new Map(from.places);
  }

  /** What has been told up to now. */
  get cursor(): Cursor {
    return { places: this.places, start: this.from.start };
  }

  get text(): string {
    return toCursorText(this.cursor);
  }

  /** What a frame tells: nothing twice. The place moves on with each event, before it is told. @throws MootError `damaged`. */
  *take(frame: SubscriptionFrame): Generator<FeedEvent> {
    switch (frame.kind) {
      case 'accepted': {
        this.moveAll(frame.places);
        const notFed = frame.notFed.map(({ peer: id, name, reason, sinceMs }) => ({ id, name, reason, sinceMs }));
        yield { type: 'accepted', subscribers: frame.subscribers, notFed };
        return;
      }
      case 'caught-up':
        this.moveAll(frame.places);
        yield { type: 'caughtUp', cursor: this.text };
        return;
      case 'heartbeat':
        this.moveAll(frame.places);
        yield { type: 'heartbeat', cursor: this.text };
        return;
      case 'gap': {
        const { origin, epoch, fromSeq: from, toSeq: to, reason } = frame.gap;
        if (!this.move(origin, endOfGap(frame.gap))) return;
        yield { type: 'gap', origin, epoch, from, to, reason };
        return;
      }
      case 'entries':
        yield* this.entries(frame);
    }
  }

  private *entries(frame: EntriesFrame): Generator<FeedEvent> {
    for (const part of frame.parts) {
      if (part.seal.origin !== frame.origin) throw new MootError('damaged', 'a frame shows entries of another log');
      for (const checked of this.checker.check(part)) {
        const { origin, epoch, seq } = checked.entry;
        if (this.move(origin, { epoch, seq })) yield toEvent(checked, part.storedAtMs, frame.live);
      }
    }
    this.move(frame.origin, frame.through);
  }

  private moveAll(places: ReadonlyMap<OriginId, LogPlace>): void {
    for (const [origin, place] of places) this.move(origin, place);
  }

  /** @returns false for what was told before. */
  private move(origin: OriginId, place: LogPlace): boolean {
    const known = this.places.get(origin);
    if (known && comparePlaces(known, place) >= 0) return false;
    this.places.set(origin, place);
    return true;
  }
}

function toEvent({ id, entry }: CheckedEntry, storedAtMs: number, live: boolean): FeedEvent {
  if (entry.kind === 'article') return { type: 'article', article: toLiveArticle(id, entry, storedAtMs), live };
  if (entry.kind !== 'retraction')
    throw new MootError('damaged', 'an entry came that is neither an article nor a retraction');
  const { origin, epoch, seq, retracts, topic, body: reason } = entry;
  return { type: 'retracted', id, origin, epoch, seq, retracts, topic, reason };
}
