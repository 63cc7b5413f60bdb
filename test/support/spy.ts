import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between two programs and keeps every byte that it passes on. */
export class Spy {
  private readonly parts: Buffer[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port where what it hears goes to, on this machine. */
  static async before(port: number): Promise<Spy> {
    const server = createServer((caller) => {
      const called = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [caller, called],
        [called, caller],
      ] as const) {
        spy.sockets.add(from);
        from.on('data', (bytes: Buffer) => {
          spy.parts.push(bytes);
          to.write(bytes);
        });
        from.on('close', () => to.destroy());
        from.on('error', () => undefined);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const spy = new Spy(server, (server.address() as AddressInfo).port);
    return spy;
  }

  /** All that went past, one byte a character. */
  get heard(): string {
    return Buffer.concat(this.parts).toString('latin1');
  }

  /** Breaks every connection; new ones are let through. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
