import type { FastifyReply } from 'fastify';
import type { Moot } from '../client/index.js';
import type { Clock } from '../core/clock.js';
import type { Communities } from './communities.js';
import type { Handles } from './handles.js';
import type { Listed } from './listed.js';
import type { NetworkView } from './network.js';
import type { OwnPlaces } from './own-places.js';
import type { Pulse } from './pulse.js';
import type { Readers } from './readers.js';
import type { SharedPages } from './shared-pages.js';
import type { SharedStreams } from './shared-streams.js';

/** What the routes share. */
export interface GatewayParts {
  readonly moot: Moot;
  readonly version: string;
  /** The id of the one community that is shown; undefined: all that are listed. */
  readonly only: string | undefined;
  readonly listed: Listed;
  readonly pulse: Pulse;
  readonly network: NetworkView;
  readonly communities: Communities;
  readonly handles: Handles;
  readonly streams: SharedStreams;
  readonly pages: SharedPages;
  readonly readers: Readers;
  readonly own: OwnPlaces;
  readonly clock: Clock;
}

/** A path below a community. */
export interface InCommunity {
  readonly Params: { readonly community: string };
}

/** A path below an article. */
export interface OfArticle {
  readonly Params: { readonly community: string; readonly id: string };
}

/** Fires when the browser has gone: what was asked for it is then asked no longer. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}
