import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { formatAddress } from '../../core/address.js';
import { bindError } from '../../core/bind-error.js';
import type { Clock } from '../../core/clock.js';
import type { MonitorConfig } from '../config.js';
import { Meters } from './meters.js';
import { Readiness } from './readiness.js';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

/** What is read at once: of who asks for more the rest is not read at all. */
const mostConnections = 50;

/** What a program says of itself to those who look after it, over HTTP: /metrics, /livez and /readyz. */
export class Monitor {
  readonly meters = new Meters();

  private constructor(
    readonly readiness: Readiness,
    private readonly server: Server,
    private readonly host: string,
  ) {}

  /** It is asked from here on, before there is anything to say. @throws MootError as a server does whose port is taken. */
  static async open({ host, port, version }: MonitorConfig, clock: Clock): Promise<Monitor> {
    const server = createServer({ requestTimeout: 5000, headersTimeout: 5000 });
    server.maxConnections = mostConnections;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(bindError(error, host, port)));
      server.listen({ host: host.replace(/^\[|\]$/g, ''), port }, resolve);
    });
    const monitor = new Monitor(new Readiness(clock), server, host);
    const { meters, readiness } = monitor;
    meters.samples('build_info', 'The version of moot that runs', ['version'], () => [
      { labels: { version }, value: 1 },
    ]);
    meters.gauge('ready', 'Whether /readyz says so: 1 or 0', async () =>
      (await readiness.obstacles()).length === 0 ? 1 : 0,
    );
    server.on('error', () => undefined);
    server.on('request', (request, response) => monitor.answer(request, response));
    return monitor;
  }

  /** Where it is asked: http://127.0.0.1:9464. */
  get address(): string {
    const address = this.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return `http://${formatAddress({ host: this.host, port })}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private answer({ method, url }: IncomingMessage, response: ServerResponse): void {
    const isRead = method === 'GET' || method === 'HEAD';
    const path = url?.replace(/\?.*$/s, '') ?? '';
    const asked = isRead ? this.say(path) : Promise.resolve({ status: 405, text: 'this is to be read\n' });
    asked
      .catch(() => ({ status: 500, text: 'it failed\n' }) as Answer)
      .then(({ status, text, type = 'text/plain; charset=utf-8' }: Answer) => {
        const headers = { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
        response.writeHead(status, headers).end(method === 'HEAD' ? undefined : text);
      })
      .catch(() => response.destroy());
  }

  private async say(path: string): Promise<Answer> {
    const { readiness, meters } = this;
    if (path === '/metrics') return { status: 200, text: await meters.text(), type: meters.contentType };
    if (path === '/livez') {
      const { fault } = readiness;
      return fault === undefined ? { status: 200, text: 'alive\n' } : { status: 503, text: `broken: ${fault}\n` };
    }
    if (path === '/readyz') {
      const obstacles = await readiness.obstacles();
      if (obstacles.length === 0) return { status: 200, text: 'ready\n' };
      return { status: 503, text: obstacles.map((line) => `not ready: ${line}\n`).join('') };
    }
    return { status: 404, text: 'there is /metrics, /livez and /readyz\n' };
  }
}
