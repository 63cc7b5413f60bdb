import type { MethodDefinition } from '@grpc/grpc-js';
import { placeOf } from '../core/address.js';
import { isMootError, MootError } from '../core/errors.js';
import { isId, type OriginId } from '../core/ids.js';
import { foldName } from '../core/name.js';
import { readAnswer, required, toDateMs, toNumber } from '../wire/check.js';
import { type Peer, PeerServiceService as service } from '../wire/gen/moot/v1/peer.js';
import type { Directory } from './directory.js';
import type { KnownServer } from './known-server.js';
import { idStart, isAddress, pickServer } from './lookup.js';
import { type Parts, toWireOptions } from './parts.js';
import type { CallOptions, PeerInfo } from './types.js';

export interface DenyOptions extends CallOptions {
  /** It may still ask, and gets no feed. */
  readonly silence?: boolean | undefined;
  readonly reason: string;
  readonly untilMs?: number | undefined;
}

/** A community that another one denies or silences. */
export interface Denied {
  readonly id: OriginId;
  /** '' where nobody has said. */
  readonly name: string;
  readonly level: 'deny' | 'silence';
  readonly reason: string;
  readonly untilMs: number | undefined;
}

/** One community, as its operator sees it. */
export class Operator {
  constructor(
    private readonly server: KnownServer,
    private readonly token: string,
    private readonly directory: Directory,
    private readonly parts: Parts,
  ) {}

  get id(): OriginId {
    return this.server.id;
  }

  get name(): string {
    return this.server.name;
  }

  /** The communities it links to. */
  async peers(options: CallOptions = {}): Promise<readonly PeerInfo[]> {
    const { peers } = await this.call(service.listPeers, {}, options);
    return peers.map((peer) => this.toPeer(peer));
  }

  /** The communities that link to it, would, or must not. */
  async callers(options: CallOptions = {}): Promise<readonly PeerInfo[]> {
    const { callers } = await this.call(service.listPeers, {}, options);
    return callers.map((caller) => this.toCaller(caller));
  }

  /** Whom it denies or silences now. */
  async denied(options: CallOptions = {}): Promise<readonly Denied[]> {
    return (await this.callers(options)).flatMap(({ from: id, name, level, reason = '', untilMs }) =>
      level === 'deny' || level === 'silence' ? [{ id, name, level, reason, untilMs }] : [],
    );
  }

  /**
   * Denies or silences many by their ids, in order. For each `added`, `there` where it is held so already, or why it is refused:
   * that one stops no other.
   */
  async *denyAll(all: Iterable<Denied>, options: CallOptions = {}): AsyncGenerator<'added' | 'there' | MootError> {
    const known = new Map((await this.denied(options)).map((one) => [one.id, one]));
    for (const one of all) {
      const { id, level, reason, untilMs } = one;
      const before = known.get(id);
      if (before?.level === level && before.reason === reason && before.untilMs === untilMs) {
        yield 'there';
        continue;
      }
      try {
        await this.setLevel(one, options);
        known.set(id, one);
        yield 'added';
      } catch (error) {
        if (!isMootError(error) || error.code !== 'invalid') throw error;
        yield error;
      }
    }
  }

  /**
   * Lets `other`, a name, the start of an id, or an address, link to it; a whole id need not be known anywhere.
   * @throws MootError `not_found`: what a server that is listed nowhere calls itself is not enough, its id is.
   */
  approve(other: string, options: CallOptions = {}): Promise<PeerInfo> {
    return this.hold(other, { level: 'allow', reason: '' }, options);
  }

  /** Ends what `other` has open, and refuses it from now on, until `untilMs` where that is given. Both operators see the reason. */
  deny(other: string, { silence = false, reason, untilMs, ...options }: DenyOptions): Promise<PeerInfo> {
    return this.hold(other, { level: silence ? 'silence' : 'deny', reason, untilMs }, options);
  }

  /** Links it to `other`, a name, the start of an id, or an address: from then on `other`'s articles are available there. */
  async connect(other: string, options: CallOptions = {}): Promise<PeerInfo> {
    const { id, address } = await this.directory.find(other, options);
    const { peer } = await this.call(service.connect, { id, address }, options);
    return this.toPeer(peer);
  }

  /** Takes the link to `other` away; `other` may be gone from the registry. */
  async disconnect(other: string, options: CallOptions = {}): Promise<PeerInfo> {
    const id = await this.linked(other, options);
    const { peer } = await this.call(service.disconnect, { id }, options);
    return this.toPeer(peer);
  }

  private async hold(
    other: string,
    { level, reason, untilMs }: { level: string; reason: string; untilMs?: number | undefined },
    options: CallOptions,
  ): Promise<PeerInfo> {
    const { id, name } = isId(other) ? { id: other, name: '' } : await this.calling(other, options);
    return this.setLevel({ id, name, level, reason, untilMs }, options);
  }

  private async setLevel(
    { untilMs, ...held }: Omit<Denied, 'level'> & { readonly level: string },
    options: CallOptions,
  ): Promise<PeerInfo> {
    const request = { ...held, untilMs: untilMs === undefined ? undefined : BigInt(untilMs) };
    const { caller } = await this.call(service.setLevel, request, options);
    return this.toCaller(caller);
  }

  /** Who is meant: by what the registries vouch for, else by an id that called here. Anybody may call themselves anything. */
  private async calling(other: string, options: CallOptions): Promise<{ id: OriginId; name: string }> {
    try {
      return await this.directory.find(other, options);
    } catch (error) {
      if (!isMootError(error) || isAddress(other) || !['not_found', 'unavailable'].includes(error.code)) throw error;
      const callers = (await this.callers(options)).map(({ from: id, name, address }) => ({ id, name, address }));
      const started = other.length >= idStart ? callers.filter(({ id }) => id.startsWith(other.toLowerCase())) : [];
      if (started.length > 0) return { ...pickServer(other, started), name: '' };
      const claims = callers.filter(({ name }) => foldName(name) === foldName(other)).map(({ id }) => id);
      if (claims.length === 0) throw error;
      throw new MootError('not_found', `no registry knows "${other}", it is only what a caller calls itself`, {
        cause: error,
        field: 'server',
        hint: `where that is the one you mean, its id instead: ${claims.join(' or ')}`,
      });
    }
  }

  private async linked(other: string, options: CallOptions): Promise<OriginId> {
    const peers = (await this.peers(options)).map(({ to, name, address }) => ({ id: to, name, address }));
    const at = isAddress(other) ? peers.find(({ address }) => placeOf(address) === placeOf(other)) : undefined;
    if (at) return at.id;
    try {
      return isAddress(other) ? (await this.directory.find(other, options)).id : pickServer(other, peers).id;
    } catch (error) {
      if (!isMootError(error) || error.code !== 'not_found') throw error;
      throw new MootError('not_found', `${this.name} has no link to "${other}"`, { cause: error, hint: 'moot peers' });
    }
  }

  /** Makes a call, once it is certain who is at the other end: the token is shown to nobody else. */
  private async call<Q, R>(method: MethodDefinition<Q, R>, request: Q, options: CallOptions): Promise<R> {
    const channel = await this.server.reach(options);
    return channel.unary(method, request, toWireOptions(this.parts, options, this.token));
  }

  private toCaller(answered: Peer | undefined): PeerInfo {
    const peer = this.toPeer(answered);
    return { ...peer, from: peer.to, to: peer.from };
  }

  private toPeer(answered: Peer | undefined): PeerInfo {
    return readAnswer(() => {
      const peer = required(answered, 'peer');
      return {
        from: this.id,
        to: peer.id,
        name: peer.name,
        address: peer.address,
        state: peer.state,
        sinceMs: toDateMs(peer.sinceMs, 'since'),
        lagMs: peer.lagMs === undefined ? undefined : toNumber(peer.lagMs, 'lag'),
        mirroredTo: peer.mirroredTo === undefined ? undefined : toNumber(peer.mirroredTo, 'mirroredTo'),
        length: peer.length === undefined ? undefined : toNumber(peer.length, 'length'),
        level: peer.level === '' ? undefined : peer.level,
        reason: peer.reason === '' ? undefined : peer.reason,
        untilMs: peer.untilMs === undefined ? undefined : toDateMs(peer.untilMs, 'until'),
      };
    });
  }
}
