import { Feed } from '../../src/community/feed/feed.js';
import { MootError } from '../../src/core/errors.js';
import type { CommitChecker, FollowFrame, FollowRequest, NotFed } from '../../src/core/following.js';
import type { Commit, Gap } from '../../src/core/log.js';
import { logStart } from '../../src/core/log.js';
import type { Store } from '../../src/core/stores.js';
import type { MirrorOptions } from '../../src/federation/mirrors/mirror-options.js';
import { Mirrors } from '../../src/federation/mirrors/mirrors.js';
import { SealedCommits } from '../../src/identity/check-commit.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { seededRandom } from '../../test/support/seeded-random.js';
import { followFrameBytes } from './message-bytes.js';
import { SimulatedCall } from './simulated-call.js';
import { VirtualClock } from './virtual-clock.js';

/** What a wire does to a frame: passes others on in its place. */
export type Lie = (frame: FollowFrame) => readonly FollowFrame[];

export interface FeedWire {
  latencyMs: number;
  /** Nothing comes through, and both ends are told. */
  isCut: boolean;
  /** Nothing comes through, and nobody is told. */
  isFrozen: boolean;
  lies?: Lie | undefined;
}

/** Wrong pieces to plant in every server. */
export interface Planted {
  readonly checker?: CommitChecker;
}

/** One community: its store outlives its runs. */
export class FeedServer {
  readonly links = new Set<FeedServer>();
  mirrors: Mirrors | undefined;
  /** What its members read; there while it runs. */
  feed: Feed | undefined;
  store: Store;
  readonly lines: string[] = [];
  private published = 0;

  constructor(
    readonly name: string,
    readonly identity: Identity,
    readonly network: FeedNetwork,
  ) {
    this.store = new MemoryStore(identity, network.clock);
  }

  get id(): string {
    return this.identity.id;
  }

  get running(): Mirrors {
    if (!this.mirrors) throw new Error(`${this.name} is down`);
    return this.mirrors;
  }

  async start(): Promise<void> {
    const { network } = this;
    const { clock } = network;
    const notFed = (): readonly NotFed[] => this.mirrors?.notFed() ?? [];
    const feed = await Feed.open({ self: this.id, logs: this.store.logs, clock, notFed });
    this.feed = feed;
    this.mirrors = await Mirrors.open({
      identity: this.identity,
      name: () => this.name,
      logs: this.store.logs,
      follower: { follow: (peer, request, signal) => network.follow(this, peer, request, signal) },
      checker: network.checker,
      ring: new KeyRing(),
      clock: network.clock,
      random: network.random,
      peerName: (peer) => network.byId.get(peer)?.name ?? '?',
      options: network.options,
      report: ({ text }) => void this.lines.push(text),
      onDrop: (origin) => feed.forget(origin),
    });
    this.mirrors.setLinks([...this.links].map(({ id }) => id));
  }

  async stop(): Promise<void> {
    const { mirrors, feed } = this;
    this.mirrors = undefined;
    this.feed = undefined;
    feed?.close();
    this.network.breakCalls((from, to) => from === this || to === this);
    await mirrors?.stop();
  }

  link(peer: FeedServer): void {
    this.links.add(peer);
    this.mirrors?.setLinks([...this.links].map(({ id }) => id));
  }

  unlink(peer: FeedServer): void {
    this.links.delete(peer);
    this.mirrors?.setLinks([...this.links].map(({ id }) => id));
  }

  /** Appends `count` articles as one commit, each with a body of at least `characters`. */
  async publish(count = 1, characters = 0): Promise<void> {
    const member = { memberId: 'm', memberName: 'Ada' };
    await this.store.articles.append(
      Array.from({ length: count }, () => {
        this.published += 1;
        return {
          draft: { topic: 'test', body: `${this.name} ${this.published}`.padEnd(characters, '.') },
          member,
          key: '',
        };
      }),
    );
  }

  /** What is kept of a log: the hash of each entry, in order, and whether its text is gone; and the gaps between them. */
  async log(origin: string): Promise<{ hashes: string[]; gaps: Gap[] }> {
    const items = await this.store.logs.read(origin, logStart, Number.POSITIVE_INFINITY);
    return {
      hashes: items.flatMap((item) => (item.kind === 'commit' ? hashesOf(item.commit) : [])),
      gaps: items.flatMap((item) => (item.kind === 'gap' ? [item.gap] : [])),
    };
  }

  /** Of which communities something is kept here. */
  async origins(): Promise<string[]> {
    return (await this.store.logs.states()).map(({ origin }) => origin);
  }
}

function hashesOf({ seal, entries }: Commit): string[] {
  return entries.map(({ hash, gone = '' }, at) =>
    `${seal.epoch}/${seal.firstSeq + at} ${Buffer.from(hash).toString('hex')} ${gone}`.trim(),
  );
}

interface OpenCall {
  readonly call: SimulatedCall<FollowFrame>;
  readonly from: FeedServer;
  readonly to: FeedServer;
}

/** Servers that follow each other, on a virtual clock, with the code of real ones; only time, wires and disks are made up. */
export class FeedNetwork {
  readonly clock = new VirtualClock();
  readonly byId = new Map<string, FeedServer>();
  readonly random: () => number;
  /** Shared, so that each seal of the network is verified once. */
  readonly checker: CommitChecker;
  /** Commits that were sent, and to whom. */
  sent = 0;
  /** In the messages that commits were sent in. */
  sentBytes = 0;
  /** Told of each stream that is asked for. */
  onFollow: (from: FeedServer, to: FeedServer) => void = () => undefined;
  private readonly wires = new Map<string, FeedWire>();
  private readonly open = new Set<OpenCall>();

  constructor(
    seed: number,
    readonly options: Partial<MirrorOptions> = {},
    planted: Planted = {},
  ) {
    this.checker = planted.checker ?? new SealedCommits();
    this.random = seededRandom(seed);
  }

  get servers(): readonly FeedServer[] {
    return [...this.byId.values()];
  }

  async server(name: string, identity = createIdentity()): Promise<FeedServer> {
    const server = new FeedServer(name, identity, this);
    this.byId.set(server.id, server);
    await server.start();
    return server;
  }

  wire(from: FeedServer, to: FeedServer): FeedWire {
    const key = `${from.id} ${to.id}`;
    const wire = this.wires.get(key) ?? { latencyMs: 1, isCut: false, isFrozen: false };
    this.wires.set(key, wire);
    return wire;
  }

  cut(from: FeedServer, to: FeedServer, isCut: boolean): void {
    this.wire(from, to).isCut = isCut;
    if (isCut) this.breakCalls((caller, callee) => caller === from && callee === to);
  }

  async stop(): Promise<void> {
    const stopped = Promise.all(this.servers.map((server) => server.stop()));
    await this.clock.run(stopped);
    await this.clock.settle(60_000);
  }

  breakCalls(which: (from: FeedServer, to: FeedServer) => boolean): void {
    for (const { call, from, to } of [...this.open]) if (which(from, to)) call.break('connection lost');
  }

  follow(from: FeedServer, peer: string, request: FollowRequest, signal: AbortSignal): AsyncIterable<FollowFrame> {
    const to = this.byId.get(peer);
    if (!to) throw new Error('a server that is not of this network was followed');
    this.onFollow(from, to);
    const wire = this.wire(from, to);
    const call: SimulatedCall<FollowFrame> = new SimulatedCall<FollowFrame>(
      {
        clock: this.clock,
        latencyMs: wire.latencyMs,
        windowBytes,
        bytesOf: (frame) => {
          const bytes = followFrameBytes(frame);
          if (frame.kind === 'commits') this.sentBytes += bytes;
          return bytes;
        },
        calleeIsThere: () => !wire.isFrozen,
        callerIsThere: () => !wire.isFrozen,
      },
      (stop) => this.serve(from, to, request, stop),
      () => this.open.delete(entry),
      signal,
    );
    const entry = { call, from, to };
    this.open.add(entry);
    return call;
  }

  private async *serve(
    from: FeedServer,
    to: FeedServer,
    request: FollowRequest,
    signal: AbortSignal,
  ): AsyncGenerator<FollowFrame, void, undefined> {
    const wire = this.wire(from, to);
    if (wire.isCut || !to.mirrors) throw new MootError('unavailable', 'no connection');
    for await (const frame of to.mirrors.serve(from.id, request, signal)) {
      for (const sent of wire.lies?.(frame) ?? [frame]) {
        if (sent.kind === 'commits') this.sent += sent.commits.length;
        yield sent;
      }
    }
  }
}

/** As channel-options has it for feeds. */
const windowBytes = 4 * 1024 * 1024;

/** A network of servers of one letter each, of which each follows the one before it. */
export async function line(names: string, options = {}): Promise<[FeedNetwork, ...FeedServer[]]> {
  const network = new FeedNetwork(1, options);
  const servers: FeedServer[] = [];
  for (const name of names) servers.push(await network.server(name));
  for (const [at, server] of servers.entries()) if (at > 0) server.link(servers[at - 1] as FeedServer);
  return [network, ...servers];
}
