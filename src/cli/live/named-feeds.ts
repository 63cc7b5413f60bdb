import type { FeedEvent } from '../../client/feed-events.js';
import type { Community } from '../../client/index.js';
import { sleep, systemClock } from '../../core/clock.js';
import type { OriginId } from '../../core/ids.js';
import type { Session } from '../session.js';
import type { Feeds } from './listening.js';

/** A name that nobody knew is asked for again after this. */
const againMs = 30_000;
/** Nobody waits longer to take leave. */
const leaveMs = 500;
/** Nothing waits longer for a name: an id will do. */
const patienceMs = 1000;

/** The feeds of a community, and the names of those that their articles come from, where a registry knows them. */
export function namedFeeds(session: Session, community: Community): Feeds {
  const names = new Map<OriginId, string>([[community.id, community.name]]);
  let askedAtMs = Number.NEGATIVE_INFINITY;
  const learn = async (): Promise<void> => {
    askedAtMs = systemClock.monotonic();
    for (const { id, name } of await (await session.moot()).servers({}, { signal: session.signal }))
      names.set(id, name);
  };
  const withName = async (event: FeedEvent): Promise<FeedEvent> => {
    if (event.type !== 'article' || event.article.originName !== undefined) return event;
    const { origin } = event.article;
    if (!names.has(origin) && systemClock.monotonic() - askedAtMs > againMs)
      await Promise.race([learn().catch(() => undefined), sleep(systemClock, patienceMs, session.signal)]);
    return { ...event, article: { ...event.article, originName: names.get(origin) } };
  };
  return {
    name: community.name,
    subscribe: (options) => community.subscribe(options),
    withName,
    heard: async () => {
      await community.describe({ timeoutMs: leaveMs }).catch(() => undefined);
    },
  };
}
