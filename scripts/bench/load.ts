import { Client, Metadata } from '@grpc/grpc-js';
import { CommunityServiceClient, type PublishRequest, QueryRequest } from '../../dist/wire/gen/moot/v1/community.js';
import { dial } from './dial.js';
import { echo } from './echo.js';

/** One client process: keeps calls in flight for a while and prints how many answers a second came. */
const [kind = '', address = '', token = '', seconds = '3', inFlight = '64', batch = '50'] = process.argv.slice(2);
const warmUpMs = 500;
const body = 'x'.repeat(260);
const metadata = new Metadata();
if (token) metadata.set('authorization', `Bearer ${token}`);

let answers = 0;
let counting = false;
let stopped = false;
const count = (n: number): void => {
  if (counting) answers += n;
};

const item = (): PublishRequest => ({ draft: { topic: 'bench.load', body }, key: '' });

function calls(send: (done: (error: unknown) => void) => void): void {
  const next = (): void => {
    if (stopped) return;
    send((error) => {
      if (error instanceof Error && !stopped) throw error;
      count(1);
      next();
    });
  };
  for (let n = 0; n < Number(inFlight); n += 1) next();
}

const kinds: Record<string, () => void> = {
  echo: () => {
    const client = new Client(...dial(address));
    const bytes = Buffer.alloc(260, 'x');
    const { path, requestSerialize, responseDeserialize } = echo.echo;
    calls((done) => client.makeUnaryRequest(path, requestSerialize, responseDeserialize, bytes, done));
  },
  unary: () => {
    const client = new CommunityServiceClient(...dial(address));
    calls((done) => client.publish(item(), metadata, done));
  },
  query: () => {
    const client = new CommunityServiceClient(...dial(address));
    calls((done) => {
      const call = client.query(QueryRequest.fromPartial({ scope: 1, limit: 50 }), metadata);
      call.on('data', () => undefined);
      call.on('error', done);
      call.on('end', () => done(null));
    });
  },
  stream: () => {
    const client = new CommunityServiceClient(...dial(address));
    const stream = client.publishStream(metadata);
    const frame = { items: Array.from({ length: Number(batch) }, item) };
    stream.on('data', (response: { results: unknown[] }) => {
      count(response.results.length);
      if (!stopped) stream.write(frame);
    });
    stream.on('error', (error) => {
      if (!stopped) throw error;
    });
    for (let n = 0; n < Number(inFlight); n += 1) stream.write(frame);
  },
};

kinds[kind]?.();
setTimeout(() => {
  counting = true;
  const begun = performance.now();
  setTimeout(() => {
    stopped = true;
    process.stdout.write(`${JSON.stringify({ perSecond: (answers * 1000) / (performance.now() - begun) })}\n`);
    process.exit(0);
  }, Number(seconds) * 1000);
}, warmUpMs);
