import { Audience } from '../community/audience.js';
import { Audit } from '../community/audit.js';
import { Community, type CommunityRules, type CurrentName } from '../community/community.js';
import { Held } from '../community/held.js';
import { Hidden } from '../community/hidden.js';
import { Membership } from '../community/membership.js';
import { Moderation } from '../community/moderation.js';
import { BreakerAsker } from '../federation/breaker-asker.js';
import { signRow } from '../wire/convert-row.js';
import type { Closing } from './closing.js';
import type { ServerConfig } from './config.js';
import type { Ground } from './ground.js';
import { audienceLine } from './log.js';
import { LoopDelay } from './loop-delay.js';
import type { Mirroring } from './mirroring.js';
import type { Reach } from './reaching.js';

export interface OpenedParts
  extends Pick<Ground, 'identity' | 'clock' | 'store' | 'monitor'>,
    Pick<Reach, 'asker' | 'breakers' | 'tracer'>,
    Mirroring {
  readonly name: CurrentName;
  readonly rules: CommunityRules;
}

export interface Opened {
  readonly community: Community;
  /** By how much the program is behind. */
  readonly loop: LoopDelay;
}

/** Reads who belongs to a community and what its moderators have done; nobody is let in yet. */
export async function openCommunity(
  { identity, clock, store, monitor, asker, breakers, tracer, links, feed, mirrors, name, rules }: OpenedParts,
  { maxMembers, holdFirst, log }: ServerConfig,
  closing: Closing,
): Promise<Opened> {
  const membership = await Membership.open(store, { admission: rules.admission, maxMembers }, clock);
  const audit = new Audit(store.moderation, clock);
  const loop = closing.owns(new LoopDelay(clock));
  const community = new Community({
    ...{ identity, name, rules, store, clock, membership, audit, links, feed, mirrors, tracer },
    moderation: new Moderation(membership, store.moderation, audit, clock),
    hidden: await Hidden.open(store.articles, audit, clock),
    held: new Held(store.held, audit, () => clock.now()),
    holdFirst: holdFirst ?? 0,
    audience: new Audience(clock, (event) => log?.(audienceLine(event))),
    asker: new BreakerAsker(asker, breakers, clock),
    loopDelayMs: () => loop.delayMs(),
    observer: monitor?.observer,
    signRow: (queryId, row) => signRow(identity, queryId, row),
  });
  return { community, loop };
}
