import type { Socket } from 'node:net';
import { neighbourhood } from '../core/address.js';
import { defaultLimits, type ServerLimits } from '../core/server-limits.js';
import { Traffic } from './traffic.js';

interface Open {
  readonly socket: Socket;
  readonly traffic: Traffic;
  /** What had been read at the last look, and when it was first seen that it is so much. */
  read: number;
  heardMs: number;
  lookedMs: number;
}

/** How often it is looked at who has said something, and what; and at those that are new, or said much when last seen. */
const lookMs = 500;
const quickLookMs = 100;
/** Who works says something more often. */
const aliveMs = 3000;

/** The connections of one server. They are ours, since nothing public in grpc-js ends a stream whose client does not read. */
export class Sockets {
  /** How many were cut at once, because they were too many. */
  turnedAway = 0;
  private readonly open = new Map<string, Open>();
  private readonly countOf = new Map<string, number>();
  private readonly restless = new Set<Open>();
  private readonly looking = [
    setInterval(() => this.look(this.open.values()), lookMs).unref(),
    setInterval(() => this.look(this.restless), quickLookMs).unref(),
  ];

  constructor(private readonly limits: Pick<ServerLimits, 'addressConnections' | 'connections'> = defaultLimits) {}

  /** @returns false when it is one too many, from its address or in all: it is cut then. */
  add(socket: Socket): boolean {
    socket.on('error', () => undefined);
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const address = neighbourhood(socket.remoteAddress ?? '');
    const count = this.countOf.get(address) ?? 0;
    if (count >= this.limits.addressConnections || this.open.size >= this.limits.connections) {
      socket.destroy();
      this.turnedAway += 1;
      return false;
    }
    const nowMs = performance.now();
    const open: Open = { socket, traffic: new Traffic(socket), read: 0, heardMs: nowMs, lookedMs: nowMs };
    this.open.set(peer, open);
    this.restless.add(open);
    this.countOf.set(address, count + 1);
    socket.on('close', () => {
      this.open.delete(peer);
      this.restless.delete(open);
      const left = (this.countOf.get(address) ?? 1) - 1;
      if (left > 0) this.countOf.set(address, left);
      else this.countOf.delete(address);
    });
    return true;
  }

  get size(): number {
    return this.open.size;
  }

  /** Cuts the connection whose other end is `peer`, as grpc-js names it. */
  destroy(peer: string): void {
    this.of(peer)?.socket.destroy();
  }

  /** The connection stands, and something has come over it in the last seconds: of a machine that is gone nothing does. */
  isAlive(peer: string): boolean {
    const open = this.of(peer);
    if (!open || open.socket.destroyed) return false;
    return open.socket.bytesRead > open.read || performance.now() - open.heardMs < aliveMs;
  }

  /** Is to be told of the calls that come over the connection; undefined when it is gone. */
  trafficOf(peer: string): Traffic | undefined {
    return this.of(peer)?.traffic;
  }

  destroyAll(): void {
    for (const each of this.looking) clearInterval(each);
    for (const { socket } of this.open.values()) socket.destroy();
  }

  private of(peer: string): Open | undefined {
    return this.open.get(peer.replace(/^\[(.*)\]:/, '$1:'));
  }

  private look(at: Iterable<Open>): void {
    const nowMs = performance.now();
    for (const open of at) {
      const { bytesRead } = open.socket;
      if (bytesRead > open.read) open.heardMs = nowMs;
      open.read = bytesRead;
      const seen = open.traffic.look(nowMs - open.lookedMs);
      open.lookedMs = nowMs;
      if (seen === 'noise') open.socket.destroy();
      else if (seen === 'busy') this.restless.add(open);
      else this.restless.delete(open);
    }
  }
}
