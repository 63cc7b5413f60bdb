import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import type { TestCertificate } from './certificates.js';

/** Speaks TLS before a server that does not, with whatever certificate it is given. */
export class TlsFront {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  /** @param port where what it hears goes to, on this machine. */
  static async before(port: number, { cert, key, fingerprint }: TestCertificate): Promise<TlsFront> {
    const pem = { cert: readFileSync(cert), key: readFileSync(key) };
    const server = createServer({ ...pem, ALPNProtocols: ['h2'] }, (caller) => {
      const called = connect(port, '127.0.0.1');
      for (const socket of [caller, called]) {
        front.sockets.add(socket);
        socket.on('error', () => undefined);
      }
      caller.pipe(called).pipe(caller);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const front = new TlsFront(server, `localhost:${(server.address() as AddressInfo).port}#${fingerprint}`);
    return front;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
