import type { CurrentName } from '../community/community.js';
import { isLoopback } from '../core/address.js';
import type { OriginId } from '../core/ids.js';
import type { LogPlace } from '../core/log.js';
import { Breakers } from '../federation/breakers.js';
import { KeyRing } from '../identity/key-ring.js';
import { GrpcAsker } from '../rpc/asker.js';
import { GrpcFollower } from '../rpc/follower.js';
import { GrpcPeers } from '../rpc/grpc-peers.js';
import { RegistryClient } from '../rpc/registry-client.js';
import { GrpcTracer } from '../rpc/tracer.js';
import type { Ahead } from './ahead.js';
import type { Closing } from './closing.js';
import type { ServerConfig } from './config.js';
import type { Ground } from './ground.js';
import { headsAt } from './registering.js';

export interface ReachingParts extends Pick<Ground, 'identity' | 'clock'> {
  readonly name: CurrentName;
  readonly ahead: Ahead;
}

/** The ways of a server to others. */
export interface Reach {
  readonly registries: readonly RegistryClient[];
  /** How long the own log was, as the registries have heard: they are asked while the rest is opened. */
  readonly heads: Promise<readonly LogPlace[]>;
  /** What is known of keys that were replaced. */
  readonly ring: KeyRing;
  readonly asker: GrpcAsker;
  readonly follower: GrpcFollower;
  readonly tracer: GrpcTracer;
  readonly breakers: Breakers;
  readonly peers: GrpcPeers;
}

/** Gets ready to call registries and peers. Of these, the registries alone are called at once. */
export function openReach(
  { identity, clock, name, ahead: { links, mirrors } }: ReachingParts,
  config: ServerConfig,
  closing: Closing,
): Reach {
  const { host, insecure, ca, log } = config;
  const registries = config.registries.map((address) => closing.owns(new RegistryClient(address, ca)));
  const heads = headsAt(registries, identity);
  heads.catch(() => undefined);
  const ring = new KeyRing((origin) => mirrors.now.keyOf(origin));
  const dialRule = { allowLoopback: isLoopback(host), allowPrivate: config.allowPrivatePeers === true };
  const calling = { identity, name: () => name.now, insecure, clock, dialRule, ring };
  const addressOf = async (peer: OriginId): Promise<string | undefined> => links.now.addressOf(peer);
  const asker = closing.owns(new GrpcAsker({ ...calling, addressOf }));
  const onRefused = (peer: OriginId, { message }: Error): void =>
    log?.({ level: 'warn', text: `the link to ${links.now.nameOf(peer)} is broken: ${message}` });
  const follower = closing.owns(new GrpcFollower({ ...calling, addressOf, onRefused }));
  const tracer = closing.owns(new GrpcTracer({ ...calling, addressOf }));
  const breakers = new Breakers({
    clock,
    random: Math.random,
    note: (peer, state, reason, by) => links.now.note(peer, state, reason, by),
    onBroken: (peer) => asker.renew(peer),
  });
  const forget = (peer: OriginId): void => {
    breakers.forget(peer);
    asker.forget(peer);
    follower.forget(peer);
    // Where it is now it may well answer: however often it did not elsewhere.
    mirrors.now.hurry(peer);
  };
  const peers = new GrpcPeers({ ...calling, registries, forget });
  return { registries, heads, ring, asker, follower, tracer, breakers, peers };
}
