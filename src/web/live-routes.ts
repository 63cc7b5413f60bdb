import type { FastifyInstance } from 'fastify';
import type { FeedEvent, Subscription } from '../client/index.js';
import { isMootError, MootError } from '../core/errors.js';
import type { LiveArticle, LiveGap, LiveLost, LiveRetraction } from './api.js';
import { tokenOf } from './bearer.js';
import { EventStream } from './event-stream.js';
import type { Bookmarks } from './handles.js';
import { type GatewayParts, goneSignal, type InCommunity } from './parts.js';
import { parseLive } from './question.js';
import { toArticleInfo } from './to-json.js';

/** Articles as they come. */
export function liveRoutes(app: FastifyInstance, parts: GatewayParts): void {
  const { communities, handles, readers, listed, clock } = parts;
  const nameOf = (id: string): string | undefined => listed.info(id)?.name;

  app.get<InCommunity>('/api/communities/:community/live', { exposeHeadRoute: false }, async (request, reply) => {
    const { filter, from } = parseLive(request.query);
    const start = startOf(String(request.headers['last-event-id'] ?? from), (handle) => handles.cursorOf(handle));
    const signal = goneSignal(reply);
    const opened = await communities.ask(request.params.community, tokenOf(request), async ({ server, community }) => {
      const leave = readers.open(request.ip, server.id);
      const subscription = community.subscribe({ ...filter, from: start, signal });
      try {
        return { leave, subscription, events: await accepted(subscription) };
      } catch (error) {
        leave();
        subscription.close();
        throw error;
      }
    });
    const { subscription, events, leave } = opened;
    const stream = new EventStream(reply, clock);
    void pass({ subscription, events, stream, marks: handles.begin(subscription.cursor), nameOf }).finally(leave);
    return reply;
  });
}

function startOf(from: string, cursorOf: (handle: string) => string): 'now' | 'beginning' | { cursor: string } {
  return from === 'now' || from === 'beginning' ? from : { cursor: cursorOf(from) };
}

/** The subscription's events, once it stands: a refusal, or that nobody answers, is the answer to the request. */
async function accepted(subscription: Subscription): Promise<AsyncIterator<FeedEvent>> {
  const events = subscription[Symbol.asyncIterator]();
  const { done, value } = await events.next();
  if (done) throw new MootError('cancelled', 'the reader has gone');
  if (value.type === 'reconnecting') throw new MootError('unavailable', value.reason);
  return events;
}

interface Passing {
  readonly subscription: Subscription;
  readonly events: AsyncIterator<FeedEvent>;
  readonly stream: EventStream;
  readonly marks: Bookmarks;
  readonly nameOf: (id: string) => string | undefined;
}

/** Tells event after event until the reader has gone. Never rejects. */
async function pass({ subscription, events, stream, marks, nameOf }: Passing): Promise<void> {
  stream.signal.addEventListener('abort', () => subscription.close());
  const cursor = (): string => subscription.cursor;
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value;
      if (event.type === 'article') {
        const { article, live } = event;
        const { origin, epoch, seq } = article;
        const told: LiveArticle = { article: { ...toArticleInfo(article), originName: nameOf(origin) ?? null }, live };
        await stream.tell('article', told, marks.moved(origin, { epoch, seq }, cursor));
      } else if (event.type === 'retracted') {
        const { retracts, origin, epoch, seq, topic, reason } = event;
        const told: LiveRetraction = { retracts, origin, topic, reason };
        await stream.tell('retracted', told, marks.moved(origin, { epoch, seq }, cursor));
      } else if (event.type === 'gap') {
        const { origin, epoch, from, to, reason } = event;
        const told: LiveGap = { origin, epoch: String(epoch), from: String(from), to: String(to), reason };
        await stream.tell('gap', told, marks.at(cursor()));
      } else if (event.type === 'caughtUp') await stream.tell('caughtUp', {}, marks.at(cursor()));
      else if (event.type === 'heartbeat') marks.stay();
      else if (event.type === 'reconnecting')
        await stream.tell('lost', { reason: event.reason, retryInMs: event.retryInMs } satisfies LiveLost);
    }
  } catch (error) {
    const reason = isMootError(error) ? error.message : 'the gateway failed here';
    await stream.tell('lost', { reason, retryInMs: 0 } satisfies LiveLost);
  } finally {
    stream.close();
  }
}
