import type { CurrentName } from '../community/community.js';
import { Feed } from '../community/feed/feed.js';
import { Links } from '../community/links.js';
import type { Replicas } from '../community/replicas/replicas.js';
import { Mirrors } from '../federation/mirrors/mirrors.js';
import { ThreadChecker } from '../rpc/thread-checker.js';
import type { Ahead } from './ahead.js';
import type { Closing } from './closing.js';
import type { ServerConfig } from './config.js';
import type { Ground } from './ground.js';
import type { Reach } from './reaching.js';

export interface MirroringParts
  extends Pick<Ground, 'identity' | 'clock' | 'store'>,
    Pick<Reach, 'peers' | 'ring' | 'asker' | 'breakers' | 'follower'> {
  readonly name: CurrentName;
  readonly ahead: Ahead;
  /** Undefined: this server is alone. */
  readonly replicas: Replicas | undefined;
}

/** What comes from other communities, and how it is passed on. */
export interface Mirroring {
  readonly links: Links;
  /** The live feed, of the own log and of theirs. */
  readonly feed: Feed;
  readonly mirrors: Mirrors;
}

/** Opens the links, the feed, and the logs that the links bring. Nothing is followed yet: see `followLinks`. */
export async function openMirroring(parts: MirroringParts, config: ServerConfig, closing: Closing): Promise<Mirroring> {
  const { identity, clock, store, peers, ahead } = parts;
  const links = ahead.links.is(await Links.open(identity.id, store.links, peers, clock));
  const feed = closing.owns(
    await Feed.open({
      self: identity.id,
      logs: store.logs,
      clock,
      notFed: () => ahead.mirrors.now.notFed().filter(({ peer }) => !links.isRefused(peer)),
    }),
  );
  const mirrors = ahead.mirrors.is(await openMirrors(parts, links, feed, config, closing));
  return { links, feed, mirrors };
}

async function openMirrors(
  { identity, clock, store, ring, asker, breakers, follower, name, replicas }: MirroringParts,
  links: Links,
  feed: Feed,
  { mirrorDays, mirrorArticles, log }: ServerConfig,
  closing: Closing,
): Promise<Mirrors> {
  const checker = closing.owns(new ThreadChecker());
  const mirrors = await Mirrors.open({
    ...{ identity, logs: store.logs, follower, checker, ring, clock },
    name: () => name.now,
    random: Math.random,
    peerName: (peer) => links.nameOf(peer),
    options: {
      ...(mirrorDays !== undefined && { mirrorDays }),
      ...(mirrorArticles !== undefined && { mirrorArticles }),
    },
    report: (line) => log?.(line),
    isHousekeeper: () => replicas?.isFirst ?? true,
    onLink: (peer, state, ...why) => {
      breakers.feed(peer, state, ...why);
      // The first question need not pay for the introduction.
      if (state === 'up') void asker.greet(peer);
    },
    onDrop: (origin) => feed.forget(origin),
  });
  closing.onClose(() => mirrors.stop());
  return mirrors;
}
