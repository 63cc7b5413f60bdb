import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a store and PostgreSQL, and cuts connections: now, or behind what PostgreSQL has done and before it says so. */
export class CutProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isAway = false;
  /** Of a hundred answers, so many are lost together with their connection. */
  lostOfHundred = 0;
  lost = 0;

  private constructor(private readonly target: URL) {
    this.server = createServer((near) => this.join(near));
  }

  static async to(url: string): Promise<CutProxy> {
    const proxy = new CutProxy(new URL(url));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** The address of the same database, by way of this. */
  get url(): string {
    const url = new URL(this.target.href);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Nothing goes through until `restore`. */
  cut(): void {
    this.isAway = true;
    for (const socket of this.sockets) socket.destroy();
  }

  restore(): void {
    this.isAway = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket): void {
    if (this.isAway) return void near.destroy();
    const far = connect(Number(this.target.port || 5432), this.target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (data) => far.write(data));
    far.on('data', (data) => {
      if (Math.random() * 100 < this.lostOfHundred) {
        this.lost += 1;
        near.destroy();
      } else near.write(data);
    });
  }
}
