import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import { utf8Bytes } from '../core/text.js';
import type { Conversation } from '../wire/conversation.js';
import { toWirePublish } from '../wire/convert-draft.js';
import type { PublishStreamRequest, PublishStreamResponse } from '../wire/gen/moot/v1/community.js';
import { Bell } from './bell.js';
import { toPublishResult } from './publish-result.js';
import type { PublishItem, PublishWindow } from './publish-window.js';
import type { PublishResult } from './types.js';

type Call = Conversation<PublishStreamRequest, PublishStreamResponse>;

/** What one message carries: the server takes 1 MiB, and one more draft may come on top. */
const batch = { items: 64, bytes: 256 * 1024 };

/** One PublishStream call: sends what the window holds and takes, and gives the results in order. */
export class PublishSession {
  private readonly changed = new Bell();
  private readonly room = new Bell();
  private closed = false;
  private lastSentMs = 0;
  private feedError: { readonly error: unknown } | undefined;

  constructor(
    private readonly call: Call,
    private readonly window: PublishWindow,
    private readonly clock: Clock,
    /** The stream is given up when an answer takes longer. */
    private readonly stallMs: number,
  ) {}

  /** Ends when the source has, and everything is answered. @throws MootError `unavailable` when the call breaks. */
  async *results(): AsyncGenerator<PublishResult> {
    this.feed().catch((error: unknown) => {
      this.feedError = { error };
      this.changed.ring();
    });
    let frame: ReturnType<Call['next']> | undefined;
    for (;;) {
      yield* this.window.settled();
      this.room.ring();
      if (this.feedError) throw this.feedError.error;
      if (this.window.isDone) return;
      frame ??= this.call.next();
      const changed = this.changed.wait();
      const got = await this.orStalled(Promise.race([frame, changed]));
      if (!got) continue;
      frame = undefined;
      if (got.done) throw new MootError('unavailable', 'the server ended the stream');
      for (const result of got.value.results) {
        yield* this.window.settled();
        const asked = this.window.answer();
        if (!asked) throw new MootError('damaged', 'the server answers more drafts than it was sent');
        yield toPublishResult(asked.key, result);
      }
    }
  }

  close(): void {
    this.closed = true;
    this.room.ring();
    this.call.abandon(undefined);
  }

  private async feed(): Promise<void> {
    let items: PublishItem[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const sent = items;
      items = [];
      bytes = 0;
      if (sent.length > 0) await this.send(sent);
    };
    const add = async (item: PublishItem): Promise<void> => {
      items.push(item);
      bytes += utf8Bytes(item.draft.body);
      if (items.length >= batch.items || bytes >= batch.bytes) await flush();
    };
    for (const item of this.window.unanswered()) await add(item);
    while (!this.window.isExhausted && !this.closed) {
      if (this.window.isFull) {
        await flush();
        while (this.window.isFull && !this.closed) await this.room.wait();
        continue;
      }
      const upcoming = this.window.next();
      // A slow source does not hold back what is there already.
      if (items.length > 0 && !(await isSoon(upcoming))) await flush();
      const next = await upcoming;
      if (this.closed) return;
      const item = this.window.take(next);
      if (item) await add(item);
      else this.changed.ring();
    }
    await flush();
    if (!this.closed) this.call.finish();
  }

  private async send(items: readonly PublishItem[]): Promise<void> {
    if (this.closed) return;
    try {
      this.lastSentMs = this.clock.monotonic();
      await this.call.send({ items: items.map(toWirePublish) });
    } catch {
      // The call has ended, and whoever reads its results is told why.
      this.closed = true;
    }
  }

  /** Undefined when it is time to look again. */
  private async orStalled<T>(work: Promise<T>): Promise<T | undefined> {
    let cancel = (): void => undefined;
    const stalled = new Promise<undefined>((resolve, reject) => {
      cancel = this.clock.after(this.stallMs, () => {
        const isQuiet = this.clock.monotonic() - this.lastSentMs >= this.stallMs;
        if (isQuiet && this.window.unanswered().length > 0)
          reject(new MootError('timed_out', 'the server answers no more'));
        else resolve(undefined);
      });
    });
    try {
      return await Promise.race([work, stalled]);
    } finally {
      cancel();
    }
  }
}

async function isSoon(upcoming: Promise<unknown>): Promise<boolean> {
  const later = new Promise<boolean>((resolve) => setImmediate(resolve, false));
  return Promise.race([upcoming.then(() => true), later]);
}
