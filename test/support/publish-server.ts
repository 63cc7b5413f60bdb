import { Server, ServerCredentials, type ServerDuplexStream, status } from '@grpc/grpc-js';
import type {
  PublishResult,
  PublishStreamRequest,
  PublishStreamResponse,
} from '../../src/wire/gen/moot/v1/community.js';
import { CommunityServiceService } from '../../src/wire/gen/moot/v1/community.js';
import { idOf } from './server-entries.js';

type Call = ServerDuplexStream<PublishStreamRequest, PublishStreamResponse>;

export interface Misbehaviour {
  /** After so many drafts of a stream it breaks, their last acknowledgements unsent; undefined: never. */
  readonly breakAfter?: (stream: number) => number | undefined;
  /** A stream that takes everything and answers nothing. */
  readonly isMute?: (stream: number) => boolean;
}

/** Takes drafts as a community does, by key, and breaks streams as networks do. */
export class PublishServer {
  readonly stored = new Map<string, string>();
  streams = 0;
  largestMessage = 0;
  private readonly server = new Server();
  private port = 0;

  constructor(private readonly misbehaviour: Misbehaviour = {}) {
    const { publishStream } = CommunityServiceService;
    this.server.addService({ publishStream }, { publishStream: (call: Call) => this.take(call) });
  }

  async start(): Promise<string> {
    this.port = await new Promise((resolve, reject) => {
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    return `127.0.0.1:${this.port}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private take(call: Call): void {
    this.streams += 1;
    const stream = this.streams;
    const most = this.misbehaviour.breakAfter?.(stream);
    const isMute = this.misbehaviour.isMute?.(stream) === true;
    let taken = 0;
    call.on('error', () => undefined);
    call.on('data', ({ items }: PublishStreamRequest) => {
      this.largestMessage = Math.max(this.largestMessage, items.length);
      const results = items.map(({ key, draft }) => this.store(key, draft?.body ?? ''));
      taken += items.length;
      if (most !== undefined && taken >= most)
        call.emit('error', { code: status.UNAVAILABLE, details: 'the connection broke' });
      else if (!isMute) call.write({ results });
    });
    call.on('end', () => call.end());
  }

  private store(key: string, body: string): PublishResult {
    if (body === 'refuse me')
      return {
        result: {
          $case: 'refused',
          value: { code: 'invalid', message: 'body is not wanted', field: 'body', retryAfterMs: 0 },
        },
      };
    const duplicate = this.stored.has(key);
    this.stored.set(key, body);
    const seq = BigInt([...this.stored.keys()].indexOf(key) + 1);
    const published = { id: idOf(key), origin: idOf('a'), epoch: 1n, seq, publishedAtMs: 0n, duplicate, held: false };
    return { result: { $case: 'published', value: published } };
  }
}
