import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** Answers in a server's place by passing each call on to it, and keeps the headers that came with the call. */
export class HeaderSpy {
  readonly calls: { readonly path: unknown; readonly authorization: unknown }[] = [];
  private readonly callers = new Set<ServerHttp2Session>();

  private constructor(
    private readonly server: Http2Server,
    private readonly behind: ClientHttp2Session,
  ) {}

  /** @param target where calls go to, on this machine. @param port where it answers; default: one that is free. */
  static async before(target: number, port = 0): Promise<HeaderSpy> {
    const spy = new HeaderSpy(createServer(), connect(`http://127.0.0.1:${target}`));
    spy.server.on('session', (session) => spy.callers.add(session));
    spy.server.on('stream', (called, headers) => {
      spy.calls.push({ path: headers[':path'], authorization: headers.authorization });
      const passed = spy.behind.request(headers);
      let trailers = {};
      // What has no body comes in its headers alone.
      passed.on('response', (response, flags) =>
        called.respond(
          response,
          flags & constants.NGHTTP2_FLAG_END_STREAM ? { endStream: true } : { waitForTrailers: true },
        ),
      );
      passed.on('trailers', (received) => {
        trailers = received;
      });
      called.on('wantTrailers', () => called.sendTrailers(trailers));
      for (const stream of [called, passed]) stream.on('error', () => undefined);
      called.pipe(passed).pipe(called);
    });
    await new Promise<void>((resolve) => spy.server.listen(port, '127.0.0.1', resolve));
    return spy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const caller of this.callers) caller.destroy();
    this.behind.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
