import { connect } from '../../../dist/client/index.js';
import type { FromHealthy } from './messages.js';

/** Subscribers that read at once: `healthy.ts ADDRESS SUBSCRIBERS`. Asked, it says how late articles were since it was last asked. */
process.on('disconnect', () => process.exit(0));
const [address = '', subscribers = '100'] = process.argv.slice(2);
const community = await (await connect({ registry: 'localhost:1' })).join(address, { as: `healthy-${process.pid}` });
const say = (message: FromHealthy): void => void process.send?.(message);

let late: number[] = [];
process.on('message', () => {
  const sorted = late.sort((a, b) => a - b);
  late = [];
  say({ kind: 'late', articles: sorted.length, p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN });
});

await Promise.all(
  Array.from({ length: Number(subscribers) }, async () => {
    const events = community.subscribe()[Symbol.asyncIterator]();
    for (let next = await events.next(); next.value?.type !== 'caughtUp'; next = await events.next());
    void (async () => {
      for (let next = await events.next(); !next.done; next = await events.next())
        if (next.value.type === 'article') late.push(Date.now() - next.value.article.storedAtMs);
    })();
  }),
);
say({ kind: 'ready' });
