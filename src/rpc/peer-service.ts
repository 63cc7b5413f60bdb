import type { Community } from '../community/community.js';
import type { PeerState, PeerView } from '../community/links.js';
import type { CallerView, Peering } from '../community/peering.js';
import { invalid } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { LogPlace } from '../core/log.js';
import { operator } from '../core/moderation.js';
import type { Level } from '../core/peering.js';
import { toDateMs } from '../wire/check.js';
import { type Peer, type PeerServiceServer, PeerServiceService } from '../wire/gen/moot/v1/peer.js';
import type { Handlers } from './handler.js';
import { type Service, service } from './requests.js';

/** By how much what is kept of a peer's log is behind. */
export interface Lags {
  lagMs(peer: OriginId): number | undefined;
  /** How far its own log is here. */
  endOf(peer: OriginId): LogPlace;
  /** How far that log goes, as it said before `beforeMs`. */
  shown(peer: OriginId, beforeMs: number): LogPlace | undefined;
  /** What a link that is up keeps back, in words. */
  withheldBy(peer: OriginId): string | undefined;
}

/** PeerService over the links of a community and those to it, whose log says who changed them; the guard lets its operator alone in. */
export function peerService(
  { links, audit }: Pick<Community, 'links' | 'audit'>,
  peering: Peering,
  lags: Lags,
  on: Handlers,
): Service {
  const toWirePeer = (peer: PeerView): Peer => {
    const { peer: id, name, address, state, sinceMs, reason } = peer;
    const lag = lags.lagMs(id);
    const lagMs = lag === undefined ? undefined : BigInt(lag);
    const length = lags.shown(id, Number.POSITIVE_INFINITY)?.seq;
    const mirroredTo = length === undefined ? undefined : lags.endOf(id).seq;
    return {
      id,
      name,
      address,
      state,
      sinceMs: BigInt(sinceMs),
      lagMs,
      mirroredTo: mirroredTo === undefined ? undefined : BigInt(mirroredTo),
      length: length === undefined ? undefined : BigInt(length),
      level: levelIn[state],
      reason: lags.withheldBy(id) ?? reason,
    };
  };
  const implementation: PeerServiceServer = {
    connect: on.unary(async ({ id, address }) => {
      const peer = await links.connect(id, address);
      await audit.note(operator, 'connect', { id, name: peer.name });
      return { peer: toWirePeer(peer) };
    }),
    disconnect: on.unary(async ({ id }) => {
      const peer = await links.disconnect(id);
      await audit.note(operator, 'disconnect', { id, name: peer.name });
      return { peer: toWirePeer(peer) };
    }),
    listPeers: on.unary(async () => ({
      peers: links.view().map(toWirePeer),
      callers: peering.view().map(toWireCaller),
    })),
    setLevel: on.unary(async ({ id: peer, name, level, reason, untilMs: until }) => {
      const untilMs = until === undefined ? undefined : toDateMs(until, 'until');
      const caller = await peering.hold({ peer, name, level: toLevel(level), reason, untilMs });
      await audit.note(operator, actOf[toLevel(level)], { id: peer, name, reason });
      return { caller: toWireCaller(caller) };
    }),
  };
  return service(PeerServiceService, implementation);
}

/** What is noted when a level is given. */
const actOf = { allow: 'approve', silence: 'silence', deny: 'deny' } as const;

/** How the other side holds us, as far as its answers show. */
const levelIn: Readonly<Record<PeerState, Level | ''>> = {
  up: 'allow',
  down: 'allow',
  unknown: 'allow',
  waiting: '',
  silenced: 'silence',
  denied: 'deny',
};

function toWireCaller({ peer: id, name, state, sinceMs, untilMs, level, reason }: CallerView): Peer {
  const until = untilMs === undefined ? undefined : BigInt(untilMs);
  const since = BigInt(sinceMs);
  return { id, name, address: '', state, sinceMs: since, lagMs: undefined, level: level ?? '', reason, untilMs: until };
}

function toLevel(level: string): Level {
  if (level === 'allow' || level === 'silence' || level === 'deny') return level;
  throw invalid('level', 'level is allow, silence or deny');
}
