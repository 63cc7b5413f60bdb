import type { ClientHttp2Stream, ServerHttp2Stream } from 'node:http2';
import type { Identity } from '../../src/identity/keys.js';

/** One call to a hostile server, which answers with whatever bytes it likes. */
export class HostileCall {
  private readonly gone: Promise<void>;
  private trailers: Readonly<Record<string, string>> = { 'grpc-status': '0' };

  constructor(
    readonly stream: ServerHttp2Stream,
    private readonly body: Buffer,
    readonly identity: Identity,
    private readonly askBehind: () => ClientHttp2Stream,
  ) {
    stream.on('wantTrailers', () => stream.sendTrailers(this.trailers));
    this.gone = new Promise((resolve) => {
      stream.once('close', resolve);
    });
  }

  /** The bytes of the message that came. */
  get request(): Buffer {
    return this.body.subarray(5);
  }

  get isOver(): boolean {
    return this.stream.destroyed || this.stream.closed;
  }

  /** The messages that the server behind would answer with. */
  async *honestly(): AsyncGenerator<Buffer> {
    const behind = this.askBehind();
    this.stream.on('close', () => behind.close());
    let held = Buffer.alloc(0);
    for await (const chunk of behind as AsyncIterable<Buffer>) {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 5 && held.length >= 5 + held.readUInt32BE(1)) {
        const end = 5 + held.readUInt32BE(1);
        yield held.subarray(5, end);
        held = held.subarray(end);
      }
    }
  }

  /** One message, once there is room for it. */
  send(message: Uint8Array): Promise<void> {
    return this.sendBytes(framed(message));
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    if (this.isOver) return;
    this.respond();
    if (this.stream.write(bytes)) return;
    let drained = (): void => undefined;
    const draining = new Promise<void>((resolve) => {
      drained = resolve;
    });
    this.stream.once('drain', drained);
    await Promise.race([draining, this.gone]);
  }

  /** Says that the answer is whole, or with what status it failed. */
  end(status = 0, details = ''): void {
    if (this.isOver) return;
    this.trailers = { 'grpc-status': String(status), ...(details === '' ? {} : { 'grpc-message': details }) };
    this.respond();
    this.stream.end();
  }

  /** The headers, and nothing after them for now. */
  respond(): void {
    if (this.isOver || this.stream.headersSent) return;
    this.stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  }

  /** Resolves after so long, or when who called has gone. */
  async pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    if (!this.isOver) await Promise.race([this.gone, over]);
    clearTimeout(timer);
  }
}

/** A message as gRPC frames it, not compressed. */
export function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
