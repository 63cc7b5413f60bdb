import type { Replicas } from '../community/replicas/replicas.js';
import type { Closing } from './closing.js';
import type { ServerConfig } from './config.js';
import type { Ground } from './ground.js';
import type { Mirroring } from './mirroring.js';
import type { Reach } from './reaching.js';
import { Replicating } from './replicating.js';
import { settleRestored } from './restored.js';

export interface FollowingParts
  extends Pick<Ground, 'clock' | 'identity' | 'store'>,
    Pick<Reach, 'heads'>,
    Pick<Mirroring, 'links' | 'mirrors'> {
  /** Undefined: this server is alone. */
  readonly replicas: Replicas | undefined;
}

/**
 * Settles where the own log goes on, and follows the links from then on: all of them, or those that are this replica's.
 * @returns what the replica has to do with others; undefined when it is alone.
 * @throws MootError `denied` when the identity is one that was replaced.
 */
export async function followLinks(
  { clock, identity, store, heads, links, mirrors, replicas }: FollowingParts,
  { log }: ServerConfig,
  closing: Closing,
): Promise<Replicating | undefined> {
  const replicating = replicas && new Replicating({ identity, store, replicas, mirrors, links, clock, log }, closing);
  const follow = (): void => (replicating ? replicating.follow() : mirrors.setLinks(links.all()));
  links.onChange((peer) => {
    follow();
    mirrors.hurry(peer);
  });
  if (replicating) await replicating.begin(await heads);
  else {
    follow();
    await settleRestored(mirrors, await heads, store.settings);
  }
  return replicating;
}
