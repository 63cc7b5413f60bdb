import { connect, createServer, type Server, type Socket } from 'node:net';

/** What is wrong with a link, from now on. */
export interface LinkFaults {
  /** What comes back is late by so much. */
  readonly lateMs?: number;
  /** Connections are taken, and nothing is ever heard on them. */
  readonly isHole?: boolean;
  /** From 0 to 1: how many of the connections are reset, each at some moment before `resetWithinMs`. */
  readonly resets?: number;
}

/** Connections live so long at most before they are reset. */
const resetWithinMs = 300;

/** A TCP proxy before a server: its faults can be changed at any time, and hold for connections that stand as well. */
export class FaultyProxy {
  /** Connections that were taken, and that were reset. */
  taken = 0;
  reset = 0;
  /** Pieces that went into the hole. */
  swallowed = 0;
  private faults: LinkFaults = {};
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly random: () => number,
    private readonly toPort: number,
  ) {
    server.on('connection', (socket) => this.take(socket));
  }

  /** Listens on a free port, for the server at `toPort`. */
  static async start(random: () => number, toPort: number): Promise<FaultyProxy> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || !address) throw new Error('the proxy has no port');
    return new FaultyProxy(server, address.port, random, toPort);
  }

  get address(): string {
    return `localhost:${this.port}`;
  }

  become(faults: LinkFaults): void {
    this.faults = faults;
    if (faults.resets !== undefined) for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private take(near: Socket): void {
    this.taken += 1;
    const far = connect({ port: this.toPort, host: '127.0.0.1', noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    near.on('data', (bytes) => {
      if (this.faults.isHole) this.swallowed += 1;
      else far.write(bytes);
    });
    let dueMs = 0;
    far.on('data', (bytes) => {
      const { lateMs = 0, isHole = false } = this.faults;
      if (isHole) return;
      // What was sent later does not arrive earlier.
      dueMs = Math.max(dueMs, performance.now() + lateMs);
      const send = (): void => void (near.destroyed || near.write(bytes));
      if (dueMs <= performance.now()) send();
      else setTimeout(send, dueMs - performance.now()).unref();
    });
    if (this.random() >= (this.faults.resets ?? 0)) return;
    setTimeout(() => {
      if (!near.destroyed) this.reset += 1;
      near.resetAndDestroy();
    }, this.random() * resetWithinMs).unref();
  }
}
