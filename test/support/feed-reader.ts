import type { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { FeedPlace } from '../../src/client/feed-place.js';
import type { Feed } from '../../src/community/feed/feed.js';
import type { Cursor, Start } from '../../src/core/cursor.js';
import { MootError } from '../../src/core/errors.js';
import type { ArticleFilter } from '../../src/core/filter.js';
import type { SubscriptionFrame } from '../../src/core/subscribing.js';
import { PartChecker } from '../../src/identity/check-part.js';
import { fromWireSubscription, toWireSubscription } from '../../src/wire/convert-subscribe.js';
import { SubscribeResponse } from '../../src/wire/gen/moot/v1/community.js';

export interface ReaderPlan {
  readonly filter: ArticleFilter;
  readonly start: Start;
  readonly scope: 'local' | 'network';
}

/** A client that reads as slowly as it likes, checks what it reads, and goes on with its cursor wherever it likes. */
export class FeedReader {
  /** `ORIGIN SEQ` for an article, `ORIGIN gap FROM-TO` for a gap, in order. */
  readonly told: string[] = [];
  isCaughtUp = false;
  private readonly place: FeedPlace;
  private frames: AsyncIterator<SubscriptionFrame> | undefined;
  private pending: Promise<IteratorResult<SubscriptionFrame>> | undefined;
  private ending = new AbortController();

  constructor(readonly plan: ReaderPlan) {
    this.place = new FeedPlace({ places: new Map(), start: plan.start }, new PartChecker());
  }

  open(feed: Feed): void {
    this.ending = new AbortController();
    this.isCaughtUp = false;
    const { filter, scope } = this.plan;
    this.frames = feed.subscribe({ filter, scope, cursor: this.place.cursor as Cursor }, this.ending.signal);
  }

  /** Leaves without a word, and goes on at `feed`. */
  async move(feed: Feed, clock: VirtualClock): Promise<void> {
    this.ending.abort(new MootError('cancelled', 'gone'));
    await this.pending?.catch(() => undefined);
    await clock.settle(0);
    this.pending = undefined;
    this.open(feed);
  }

  /** @returns false when nothing came although everything had its turn. */
  async read(clock: VirtualClock): Promise<boolean> {
    let came: IteratorResult<SubscriptionFrame> | undefined;
    this.pending ??= this.frames?.next();
    this.pending?.then(
      (next) => {
        came = next;
      },
      () => undefined,
    );
    await clock.settle(0);
    if (!came || came.done) return false;
    this.pending = undefined;
    const sent = SubscribeResponse.decode(SubscribeResponse.encode(toWireSubscription(came.value)).finish());
    const frame = fromWireSubscription(sent);
    if (!frame) throw new Error('a frame got lost on its way');
    if (frame.kind === 'caught-up') this.isCaughtUp = true;
    for (const event of this.place.take(frame)) {
      if (event.type === 'article') this.told.push(`${event.article.origin} ${event.article.seq}`);
      if (event.type === 'gap') this.told.push(`${event.origin} gap ${event.from}-${event.to}`);
    }
    return true;
  }

  /** What was told of each log, in order. */
  get perOrigin(): Record<string, string[]> {
    return perOrigin(this.told);
  }
}

export function perOrigin(told: readonly string[]): Record<string, string[]> {
  const logs: Record<string, string[]> = {};
  for (const one of told) {
    const [origin = '', ...rest] = one.split(' ');
    logs[origin] = [...(logs[origin] ?? []), rest.join(' ')];
  }
  return logs;
}
