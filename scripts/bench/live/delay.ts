import { Client, credentials } from '@grpc/grpc-js';
import { connect } from '../../../dist/client/index.js';
import { echo } from '../echo.js';
import { median } from '../support.js';
import type { FromDelay } from './messages.js';

/** One member who publishes and subscribes, with nobody else: `delay.ts ADDRESS ECHO`. */
process.on('disconnect', () => process.exit(0));
const [address = '', echoAddress = ''] = process.argv.slice(2);
const rounds = 200;
const pauseMs = 5;

const community = await (await connect({ registry: 'localhost:1' })).join(address, { as: `delay-${process.pid}` });
const events = community.subscribe()[Symbol.asyncIterator]();
const until = async (type: string): Promise<void> => {
  for (let next = await events.next(); next.value?.type !== type; next = await events.next());
};
await until('caughtUp');

const client = new Client(echoAddress, credentials.createInsecure());
const { path, requestSerialize, responseDeserialize } = echo.echo;
const bytes = Buffer.alloc(260, 'x');
const echoed = (): Promise<void> =>
  new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, bytes, (error) =>
      error ? reject(error) : resolve(),
    );
  });

const late: number[] = [];
const echoes: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const began = performance.now();
  await echoed();
  echoes.push(performance.now() - began);
  const seen = until('article').then(() => performance.now());
  await community.publish({ topic: 'bench.delay', body: 'x'.repeat(260) });
  const acknowledged = performance.now();
  late.push(Math.max(0, (await seen) - acknowledged));
}
const half = (list: readonly number[]): number => median(list.slice(rounds / 4));
process.send?.({ kind: 'delay', seenMs: half(late), echoMs: half(echoes) } satisfies FromDelay);
