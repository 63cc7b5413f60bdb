import { type IncomingMessage, request } from 'node:http';
import { connect, type Moot } from '../../src/client/index.js';
import { sleep, systemClock } from '../../src/core/clock.js';
import type { Network, Problem } from '../../src/web/api.js';
import { type RunningGateway, startGateway } from '../../src/web/gateway.js';
import type { TestNetwork } from './network.js';

export interface WebAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface WebRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
  /** Sent as the page sends it. */
  readonly body?: unknown;
}

export interface WebEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

const mostTries = 20;

/** A gateway on a free port, as `moot web` starts it, and what a browser may send it. */
export class TestWeb {
  private constructor(
    private readonly gateway: RunningGateway,
    private readonly moot: Moot,
    readonly bugs: readonly unknown[],
  ) {}

  static async start(network: TestNetwork, change: Partial<Parameters<typeof startGateway>[0]> = {}): Promise<TestWeb> {
    const moot = await connect({ registry: network.registry });
    const bugs: unknown[] = [];
    const onBug = (error: unknown): void => void bugs.push(error);
    // Tests ask faster than readers do.
    const rate = 10_000;
    const common = { moot, host: '127.0.0.1', port: 0, version: '1.2.3', page: network.folder, rate, onBug };
    return new TestWeb(await startGateway({ ...common, ...change }), moot, bugs);
  }

  get port(): number {
    return this.gateway.port;
  }

  get(path: string, asked: Omit<WebRequest, 'body'> = {}): Promise<WebAnswer> {
    return this.send('GET', path, asked);
  }

  /** The body of an answer that is no refusal. */
  async json<T>(path: string, asked: WebRequest = {}): Promise<T> {
    const { status, text } = await this.send(asked.body === undefined ? 'GET' : 'POST', path, asked);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text) as T;
  }

  post(path: string, body: unknown, asked: WebRequest = {}): Promise<WebAnswer> {
    return this.send('POST', path, { ...asked, body });
  }

  /** A community that is busy says when to come again: that is done, as the page does it. */
  async send(method: string, path: string, asked: WebRequest = {}): Promise<WebAnswer> {
    for (let tries = 1; ; tries += 1) {
      const response = await this.open(method, path, asked);
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
      const status = response.statusCode ?? 0;
      if (status !== 429 || tries === mostTries) return { status, headers: response.headers, text };
      await sleep(systemClock, (JSON.parse(text) as Problem).retryAfterMs ?? 100);
    }
  }

  /** The answer as it comes. */
  open(method: string, path: string, { headers = {}, token, body }: WebRequest = {}): Promise<IncomingMessage> {
    const written = body === undefined ? {} : { 'content-type': 'application/json', 'moot-write': '1' };
    const shown = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return new Promise((resolve, reject) => {
      const asking = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          headers: { ...written, ...shown, ...headers },
          agent: false,
        },
        resolve,
      );
      asking.on('error', reject);
      asking.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  /** The events of a stream; leaving the loop ends it. @throws Error for a refusal. */
  async *live(path: string, asked: WebRequest = {}): AsyncGenerator<WebEvent> {
    const response = await this.open('GET', path, asked);
    if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode}`);
    let rest = '';
    for await (const chunk of response.setEncoding('utf8')) {
      const blocks = (rest + String(chunk)).split('\n\n');
      rest = blocks.pop() ?? '';
      yield* blocks.filter((block) => !block.startsWith(':')).map(toEvent);
    }
  }

  /** Resolves once the map of the gateway is such. */
  async until(holds: (network: Network) => boolean): Promise<void> {
    for await (const { data } of this.live('/api/network/live')) if (holds(data as Network)) return;
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.moot.close();
  }
}

function toEvent(block: string): WebEvent {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  return {
    id: fields.get('id') ?? '',
    type: fields.get('event') ?? '',
    data: JSON.parse(fields.get('data') ?? 'null'),
  };
}
