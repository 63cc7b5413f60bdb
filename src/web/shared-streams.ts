import type { SubscribeOptions } from '../client/index.js';
import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import type { Asked } from './communities.js';
import type { Handles } from './handles.js';
import { type Opened, SharedStream } from './shared-stream.js';

/** Subscriptions at one community share a connection, which takes 128. */
const mostAtOne = 100;
/** Who lost a connection finds the lines that came meanwhile. */
const lingerMs = 15_000;

/** What a reader follows; those with the same token, or none, and the same filter share a subscription. */
export interface Wanted extends Asked {
  readonly token: string | undefined;
  readonly filter: Omit<SubscribeOptions, 'from' | 'signal'>;
}

/** A subscription that nobody shares. */
export interface Own extends Opened {
  close(): void;
}

export interface Joined {
  readonly shared: SharedStream;
  leave(): void;
}

interface Held {
  readonly community: string;
  readonly opening: Promise<SharedStream>;
  readers: number;
  /** Takes back that it is closed soon; there while nobody reads. */
  stay: (() => void) | undefined;
}

/** The subscriptions of a gateway, each for all who want the same. */
export class SharedStreams {
  private readonly held = new Map<string, Held>();
  private readonly open = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly handles: Handles,
    private readonly nameOf: (id: string) => string | undefined,
  ) {}

  /** Joins what others follow already, or begins it, from now. @throws whatever refuses the subscription. */
  async join(wanted: Wanted): Promise<Joined> {
    const key = keyOf(wanted);
    const held = this.held.get(key) ?? this.begin(key, wanted);
    held.readers += 1;
    keep(held);
    let hasLeft = false;
    const leave = (): void => {
      if (hasLeft) return;
      hasLeft = true;
      held.readers -= 1;
      if (held.readers === 0) held.stay = this.clock.after(lingerMs, () => this.end(held));
    };
    try {
      return { shared: await held.opening, leave };
    } catch (error) {
      leave();
      keep(held);
      throw error;
    }
  }

  /** One that is a reader's own, from a cursor. Its first frame has come. @throws as `join`. */
  async own({ server, community, filter }: Wanted, from: SubscribeOptions['from']): Promise<Own> {
    const release = this.take(server.id);
    const subscription = community.subscribe({ ...filter, from });
    const close = (): void => {
      subscription.close();
      release();
    };
    try {
      return { ...(await accepted(subscription)), close };
    } catch (error) {
      close();
      throw error;
    }
  }

  close(): void {
    for (const held of this.held.values()) this.end(held);
  }

  private begin(key: string, wanted: Wanted): Held {
    const community = wanted.server.id;
    const opening = this.own(wanted, 'now').then(({ close, ...opened }) => {
      const marks = this.handles.begin(opened.subscription.cursor);
      const shared = new SharedStream({ ...opened, marks, nameOf: this.nameOf });
      void shared.ended.then(() => {
        close();
        forget();
      });
      return shared;
    });
    const held: Held = { community, opening, readers: 0, stay: undefined };
    const forget = (): void => void (this.held.get(key) === held && this.held.delete(key));
    opening.catch(forget);
    this.held.set(key, held);
    return held;
  }

  private end({ opening, stay }: Held): void {
    stay?.();
    void opening.then(
      (shared) => shared.close(),
      () => undefined,
    );
  }

  /** Counts one more at a community, in the place of one that nobody reads where it is full. @throws MootError `full`. */
  private take(community: string): () => void {
    if (this.count(community) >= mostAtOne) {
      const idle = [...this.held].find(([, held]) => held.community === community && held.stay);
      if (!idle) throw full();
      this.held.delete(idle[0]);
      this.end(idle[1]);
    }
    this.open.set(community, this.count(community) + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const left = this.count(community) - 1;
      if (left > 0) this.open.set(community, left);
      else this.open.delete(community);
    };
  }

  private count(community: string): number {
    return this.open.get(community) ?? 0;
  }
}

/** It is not closed for want of readers. */
function keep(held: Held): void {
  held.stay?.();
  held.stay = undefined;
}

function keyOf({ server, token = '', filter }: Wanted): string {
  const { topics = [], origins = [], author, text, replyTo, scope } = filter;
  return JSON.stringify([server.id, token, [...topics].sort(), [...origins].sort(), author, text, replyTo, scope]);
}

/** The subscription's events, once it stands: a refusal, or that nobody answers, is the answer to the request. */
async function accepted(subscription: Opened['subscription']): Promise<Opened> {
  const events = subscription[Symbol.asyncIterator]();
  const { done, value } = await events.next();
  if (done) throw new MootError('cancelled', 'the gateway is stopping');
  if (value.type === 'reconnecting') throw new MootError('unavailable', value.reason);
  return { subscription, events };
}

function full(): MootError {
  return new MootError('full', 'as many different streams are followed there as this gateway carries', {
    retryAfterMs: 5000,
    hint: 'again in a moment, or without filters',
  });
}
