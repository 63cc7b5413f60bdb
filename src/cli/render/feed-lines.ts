import type { FeedEvent } from '../../client/feed-events.js';
import { articleLine } from './json-lines.js';
import { isoTime } from './time.js';

/** What a feed tells as scripts read it; undefined for what is for people only. */
export function feedLine(event: FeedEvent): object | undefined {
  switch (event.type) {
    case 'accepted': {
      const { type, subscribers, notFed } = event;
      const links = notFed.map(({ id, name, reason, sinceMs }) => ({ id, name, reason, since: isoTime(sinceMs) }));
      return { type, subscribers, notFed: links };
    }
    case 'article':
      return { ...articleLine(event.article), live: event.live };
    case 'retracted': {
      const { type, id, origin, epoch, seq, retracts } = event;
      return { type, id, origin, epoch: String(epoch), seq: String(seq), retracts };
    }
    case 'gap': {
      const { type, origin, epoch, from, to, reason } = event;
      return { type, origin, epoch: String(epoch), from: String(from), to: String(to), reason };
    }
    case 'caughtUp':
    case 'heartbeat':
      return { type: event.type, cursor: event.cursor };
    case 'reconnecting':
      return undefined;
  }
}
