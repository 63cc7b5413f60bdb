import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Moot } from '../client/index.js';
import { bindError } from '../core/bind-error.js';
import { type Clock, systemClock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import { articleRoutes } from './article-routes.js';
import { Communities } from './communities.js';
import { feedRoutes } from './feed-routes.js';
import { Handles } from './handles.js';
import { Listed, type OnlyServer } from './listed.js';
import { liveRoutes } from './live-routes.js';
import { membershipRoutes } from './membership-routes.js';
import { NetworkView } from './network.js';
import { networkRoutes } from './network-routes.js';
import { operateRoutes } from './operate-routes.js';
import { OwnPlaces } from './own-places.js';
import { pageFolder, servePage } from './page-files.js';
import type { GatewayParts } from './parts.js';
import { People } from './people.js';
import { toRefusal } from './problem.js';
import { Pulse } from './pulse.js';
import { Readers } from './readers.js';
import { readingRoutes } from './reading-routes.js';
import { securityHeaders } from './security-headers.js';
import { SharedPages } from './shared-pages.js';
import { SharedStreams } from './shared-streams.js';

export interface GatewayConfig {
  /** With no membership of its own; the gateway does not close it. */
  readonly moot: Moot;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly version: string;
  /** Where it is reached besides the address it listens on: https://moot.example. */
  readonly origins?: readonly string[] | undefined;
  /** The one community that is shown; default: all that are listed. */
  readonly only?: OnlyServer | undefined;
  /** The folder of the page; default: where the build leaves it. */
  readonly page?: string | undefined;
  /** Requests a second of one address; default 100. */
  readonly rate?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Told of each request when it is over. */
  readonly onEnd?: ((end: RequestEnd) => void) | undefined;
  /** Told what failed here and is nobody's fault but ours. */
  readonly onBug?: ((error: unknown) => void) | undefined;
}

export interface RequestEnd {
  readonly method: string;
  /** As the gateway has it, with :names in it; '' where there is none. */
  readonly route: string;
  readonly status: number;
  readonly tookMs: number;
}

export interface RunningGateway {
  readonly port: number;
  /** The page is served, not the API alone. */
  readonly hasPage: boolean;
  /** Ends every request and every stream. */
  stop(): Promise<void>;
}

/** A body of 256 KiB, each of its characters as JSON may write it, and the rest of the article. */
const mostBodyBytes = 2 * 1024 * 1024;
const requestMs = 15_000;
const mostConnections = 2000;

/**
 * What a browser needs of the network, over HTTP: it asks as every program does, with the memberships that the browsers show.
 * @throws MootError `already_exists` when the port is in use, `invalid` when the address is none of this machine's.
 */
export async function startGateway(config: GatewayConfig): Promise<RunningGateway> {
  const { moot, host, port, version, only, origins = [], clock = systemClock } = config;
  const listed = new Listed(moot, clock, only);
  const people = new People(moot);
  const pulse = new Pulse(listed, people, clock);
  const network = new NetworkView(listed, pulse, clock);
  const communities = new Communities(listed, people, pulse);
  const parts = { moot, version, only: only?.id, listed, pulse, network, communities, clock };
  const own = new OwnPlaces(origins);
  const readers = new Readers(config.rate);
  const handles = new Handles();
  const pages = new SharedPages(clock);
  const nameOf = (id: string): string | undefined => listed.info(id)?.name;
  const streams = new SharedStreams(clock, handles, nameOf);
  const app = await createApp(config, { ...parts, own, readers, handles, streams, pages });
  const stop = async (): Promise<void> => {
    listed.close();
    pulse.close();
    streams.close();
    await app.close();
  };
  try {
    await app.listen({ host, port });
  } catch (error) {
    await stop();
    throw bindError(error, host, port);
  }
  const address = app.server.address();
  const taken = typeof address === 'object' && address ? address.port : port;
  return { port: taken, hasPage: pageFolder(config.page) !== undefined, stop };
}

async function createApp({ page, onBug, onEnd }: GatewayConfig, parts: GatewayParts): Promise<FastifyInstance> {
  // Addresses are those of the proxy's callers where the proxy is on this machine, and nobody else is believed.
  const app = fastify({
    bodyLimit: mostBodyBytes,
    requestTimeout: requestMs,
    forceCloseConnections: true,
    trustProxy: 'loopback',
    routerOptions: { maxParamLength: 512 },
    logger: false,
  });
  app.server.maxConnections = mostConnections;
  app.removeContentTypeParser('text/plain');
  // First, so that refusals have these headers too.
  await app.register(helmet, securityHeaders);
  await app.register(compress, { threshold: 1024, encodings: ['br', 'gzip'], brotliOptions: quick });
  app.addHook('onRequest', async (request) => {
    parts.own.require(request);
    if (isAsked(request)) await parts.readers.spend(request.ip);
  });
  if (onEnd)
    app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
      onEnd({ method, route: routeOptions.url ?? '', status: statusCode, tookMs: elapsedTime });
    });
  app.addHook('onSend', async (request, reply) => {
    if (isAsked(request) && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  app.setErrorHandler((error, _, reply) => refuse(error, reply, onBug));
  app.setNotFoundHandler((_, reply) => refuse(new MootError('not_found', 'there is nothing here'), reply, onBug));
  for (const routes of [
    networkRoutes,
    readingRoutes,
    articleRoutes,
    liveRoutes,
    feedRoutes,
    membershipRoutes,
    operateRoutes,
  ])
    routes(app, parts);
  await servePage(app, pageFolder(page));
  return app;
}

/** The best that brotli can do takes longer than to send the rest. */
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Anything but a file of the page. */
function isAsked({ url }: FastifyRequest): boolean {
  return url.startsWith('/api/') || url.startsWith('/feeds/');
}

function refuse(error: unknown, reply: FastifyReply, onBug: GatewayConfig['onBug']): FastifyReply {
  const { status, problem } = toRefusal(error);
  if (problem.code === 'internal') onBug?.(error);
  if (problem.retryAfterMs !== null) reply.header('retry-after', Math.ceil(problem.retryAfterMs / 1000));
  return reply.code(status).header('cache-control', 'no-store').type('application/json; charset=utf-8').send(problem);
}
