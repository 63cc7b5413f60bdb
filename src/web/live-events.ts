import type { FeedEvent } from '../client/index.js';
import { isMootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { endOfGap, type LogPlace } from '../core/log.js';
import type { LiveArticle, LiveGap, LiveLost, LiveRetraction } from './api.js';
import type { Bookmarks } from './handles.js';
import { toArticleInfo } from './to-json.js';

/** What readers are told of an event. */
export interface Told {
  readonly type: 'article' | 'retracted' | 'gap' | 'caughtUp' | 'lost';
  readonly data: object;
  /** Where the log of an origin stands behind it. */
  readonly at?: readonly [OriginId, LogPlace] | undefined;
}

/** Undefined for what readers need not know. */
export function toTold(event: FeedEvent, nameOf: (id: string) => string | undefined): Told | undefined {
  switch (event.type) {
    case 'article': {
      const { article, live } = event;
      const { origin, epoch, seq } = article;
      const data: LiveArticle = { article: { ...toArticleInfo(article), originName: nameOf(origin) ?? null }, live };
      return { type: 'article', data, at: [origin, { epoch, seq }] };
    }
    case 'retracted': {
      const { retracts, origin, epoch, seq, topic, reason } = event;
      const data: LiveRetraction = { retracts, origin, topic, reason };
      return { type: 'retracted', data, at: [origin, { epoch, seq }] };
    }
    case 'gap': {
      const { origin, epoch, from, to, reason } = event;
      const data: LiveGap = { origin, epoch: String(epoch), from: String(from), to: String(to), reason };
      return { type: 'gap', data, at: [origin, endOfGap({ origin, epoch, fromSeq: from, toSeq: to, reason })] };
    }
    case 'caughtUp':
      return { type: 'caughtUp', data: {} };
    case 'reconnecting':
      return toLost(event.reason, event.retryInMs);
    default:
      return undefined;
  }
}

export function toLost(reason: string, retryInMs = 0): Told {
  return { type: 'lost', data: { reason, retryInMs } satisfies LiveLost };
}

/** What a reader is told of what ended their stream. */
export function sayWhy(error: unknown): string {
  return isMootError(error) ? error.message : 'the gateway failed here';
}

/** The event as it is sent, and the handle of the place behind it; `cursor` is asked for that place. */
export function toLine({ type, data, at }: Told, marks: Bookmarks, cursor: () => string): Line {
  if (type === 'lost') return { id: '', text: eventText(type, data), at };
  const id = at && type !== 'gap' ? marks.moved(...at, cursor) : marks.at(cursor());
  return { id, text: eventText(type, data, id), at };
}

/** One event as text, which is the same for all its readers. */
export interface Line {
  /** Its handle; '' for what has no place. */
  readonly id: string;
  readonly text: string;
  readonly at: Told['at'];
}

export function eventText(type: string, data: unknown, id = ''): string {
  return `${id === '' ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
