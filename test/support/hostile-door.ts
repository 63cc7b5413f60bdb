import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Identity } from '../../src/identity/keys.js';
import { HostileCall } from './hostile-call.js';

/** How calls of servers are answered; those that are not named, as the server behind would. */
export interface Behaviour {
  readonly ask?: (call: HostileCall) => Promise<void>;
  readonly follow?: (call: HostileCall) => Promise<void>;
  readonly introduce?: (call: HostileCall) => Promise<void>;
}

const methodOf: Readonly<Record<string, keyof Behaviour>> = {
  '/moot.v1.FederationService/Ask': 'ask',
  '/moot.v1.FederationService/Follow': 'follow',
  '/moot.v1.FederationService/Introduce': 'introduce',
};
const endStream = 1;

/**
 * Where others find a server that is hostile. Behind it is a real one with the same key, to which all calls go but those that the
 * behaviour of the moment answers by itself, in whatever frames it likes.
 */
export class HostileDoor {
  behaviour: Behaviour = {};
  /** Calls that a behaviour has answered. */
  answered = 0;
  private readonly sessions = new Set<ServerHttp2Session>();
  private behind: ClientHttp2Session | undefined;
  private port = 0;

  private constructor(
    private readonly identity: Identity,
    private readonly server: Http2Server,
  ) {
    server.on('session', (session) => {
      this.sessions.add(session);
      session.on('error', () => undefined).on('close', () => this.sessions.delete(session));
    });
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      const method = this.behaviour[methodOf[String(headers[':path'])] ?? 'ask'];
      if (method && methodOf[String(headers[':path'])]) void this.misbehave(stream, headers, method);
      else this.passOn(stream, headers);
    });
  }

  static async open(identity: Identity): Promise<HostileDoor> {
    const server = createServer({ settings: { maxConcurrentStreams: 1000 } });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HostileDoor(identity, server);
  }

  get address(): string {
    return `localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param port of the server behind, on this machine; it need not be there yet. */
  leadTo(port: number): void {
    this.port = port;
  }

  /** Whoever is connected has to come again. */
  cut(): void {
    for (const session of this.sessions) session.destroy();
  }

  async close(): Promise<void> {
    this.behaviour = {};
    this.cut();
    this.behind?.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async misbehave(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    method: (call: HostileCall) => Promise<void>,
  ): Promise<void> {
    this.answered += 1;
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    await Promise.race([once(stream, 'end'), once(stream, 'close')]);
    const body = Buffer.concat(chunks);
    const call = new HostileCall(stream, body, this.identity, () => this.request(headers, body));
    await method(call).catch(() => stream.destroy());
  }

  private request(headers: IncomingHttpHeaders, body?: Buffer): ClientHttp2Stream {
    if (!this.behind || this.behind.destroyed || this.behind.closed) {
      this.behind = connect(`http://127.0.0.1:${this.port}`);
      this.behind.on('error', () => undefined);
    }
    const passed = Object.entries(headers).filter(([name]) => !/^(:authority|:scheme|host)$/.test(name));
    const request = this.behind.request(Object.fromEntries(passed), { endStream: false });
    request.on('error', () => undefined);
    if (body) request.end(body);
    return request;
  }

  private passOn(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const behind = this.request(headers);
    stream.pipe(behind);
    let trailers: IncomingHttpHeaders = {};
    behind.on('trailers', (came) => {
      trailers = came;
    });
    behind.on('response', (came, flags) => {
      if (stream.destroyed) return;
      const isWhole = (flags & endStream) > 0;
      stream.respond(came, { endStream: isWhole, waitForTrailers: !isWhole });
      if (isWhole) return;
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      behind.pipe(stream);
    });
    behind.on('close', () => {
      if (!stream.headersSent) stream.destroy();
    });
    stream.on('close', () => behind.close());
  }
}
