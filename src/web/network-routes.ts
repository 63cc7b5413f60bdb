import type { FastifyInstance } from 'fastify';
import type { Network } from './api.js';
import { EventStream } from './event-stream.js';
import type { GatewayParts } from './parts.js';

/** Changes that come together are told together. */
const settleMs = 200;

/** The network, once and live. */
export function networkRoutes(app: FastifyInstance, { network, pulse, listed, readers, clock }: GatewayParts): void {
  app.get('/api/network', async (): Promise<Network> => {
    await listed.ready();
    await pulse.fresh();
    return network.now();
  });

  app.get('/api/network/live', { exposeHeadRoute: false }, async (request, reply) => {
    const leave = readers.open(request.ip);
    const stream = new EventStream(reply, clock);
    let told = '';
    let isTelling = false;
    const tell = async (): Promise<void> => {
      if (isTelling) return;
      isTelling = true;
      // Who reads slowly is told what holds then, not each change.
      for (let now = network.now(); told !== contentOf(now) && !stream.signal.aborted; now = network.now()) {
        told = contentOf(now);
        await stream.tell('network', now);
      }
      isTelling = false;
    };
    let isSettling = false;
    const tellSoon = (): void => {
      if (isSettling) return;
      isSettling = true;
      clock.after(settleMs, () => {
        isSettling = false;
        void tell();
      });
    };
    const hooks = [pulse.onRound(tellSoon), listed.onChange(tellSoon)];
    stream.signal.addEventListener('abort', () => {
      leave();
      for (const unhook of hooks) unhook();
    });
    await listed.ready();
    await tell();
    return reply;
  });
}

/** All but the time. */
function contentOf({ asOf: _, ...content }: Network): string {
  return JSON.stringify(content);
}
