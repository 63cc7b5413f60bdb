import type { FastifyInstance } from 'fastify';
import { tokenOf } from './bearer.js';
import { EventStream } from './event-stream.js';
import { Following } from './following.js';
import { isAny } from './listed.js';
import type { GatewayParts, InCommunity } from './parts.js';
import { parseLive } from './question.js';

/** Articles as they come. */
export function liveRoutes(app: FastifyInstance, parts: GatewayParts): void {
  const { communities, handles, streams, readers, listed, clock } = parts;
  const following = { streams, handles, nameOf: (id: string) => listed.info(id)?.name };

  app.get<InCommunity>('/api/communities/:community/live', { exposeHeadRoute: false }, async (request, reply) => {
    const { filter, from } = parseLive(request.query);
    const start = String(request.headers['last-event-id'] ?? from);
    const { community: name } = request.params;
    const token = isAny(name) ? undefined : tokenOf(request);
    const leave = readers.open(request.ip);
    try {
      const opened = await communities.ask(name, token, (asked) =>
        Following.open(following, { ...asked, token, filter }, start),
      );
      void opened.tell(new EventStream(reply, clock)).finally(leave);
    } catch (error) {
      leave();
      throw error;
    }
    return reply;
  });
}
