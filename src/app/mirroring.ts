import type { Feed } from '../community/feed/feed.js';
import type { Links } from '../community/links.js';
import type { Clock } from '../core/clock.js';
import type { LogStore } from '../core/log.js';
import type { Breakers } from '../federation/breakers.js';
import { Mirrors } from '../federation/mirrors/mirrors.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { Identity } from '../identity/keys.js';
import type { GrpcAsker } from '../rpc/asker.js';
import type { GrpcFollower } from '../rpc/follower.js';
import { ThreadChecker } from '../rpc/thread-checker.js';
import type { Closing } from './closing.js';
import type { ServerConfig } from './config.js';

export interface MirroringParts {
  readonly identity: Identity;
  readonly name: () => string;
  readonly logs: LogStore;
  readonly links: Links;
  readonly asker: GrpcAsker;
  readonly breakers: Breakers;
  readonly follower: GrpcFollower;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly ring: KeyRing;
  /** Follows the links as they are now. */
  readonly follow: () => void;
  /** False while another replica drops what is too old. */
  readonly isHousekeeper: () => boolean;
}

/** Carries the logs of all links, and of those that come to be; what is closed with it is given to `closing`. */
export async function openMirrors(
  parts: MirroringParts,
  { mirrorDays, mirrorArticles, log }: ServerConfig,
  closing: Closing,
): Promise<Mirrors> {
  const { links, feed, asker, breakers, follow } = parts;
  const checker = closing.owns(new ThreadChecker());
  const mirrors = await Mirrors.open({
    ...parts,
    checker,
    random: Math.random,
    peerName: (peer) => links.nameOf(peer),
    options: {
      ...(mirrorDays !== undefined && { mirrorDays }),
      ...(mirrorArticles !== undefined && { mirrorArticles }),
    },
    report: (line) => log?.(line),
    onLink: (peer, state, ...why) => {
      breakers.feed(peer, state, ...why);
      // The first question need not pay for the introduction.
      if (state === 'up') void asker.greet(peer);
    },
    onDrop: (origin) => feed.forget(origin),
  });
  closing.onClose(() => mirrors.stop());
  links.onChange((peer) => {
    follow();
    mirrors.hurry(peer);
  });
  return mirrors;
}
