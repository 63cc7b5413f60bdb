import type { FromReader } from './messages.js';
import { charactersRead, system as open, type SystemName } from './systems.js';

/** A process of subscribers: `reader.ts SYSTEM ADDRESS TOKEN SUBSCRIBERS`. It counts what they decode. */
const [name = 'moot', address = '', token = '', subscribers = '1'] = process.argv.slice(2);
const counts = new Float64Array(Number(subscribers));
const say = (message: FromReader): void => void process.send?.(message);
const toldEveryMs = 5;

let told = 0;
setInterval(() => {
  const articles = counts.reduce((least, count) => Math.min(least, count));
  if (articles === told) return;
  told = articles;
  say({ kind: 'slowest', articles });
}, toldEveryMs);

process.on('message', () => {
  const articles = counts.reduce((sum, count) => sum + count, 0);
  if (articles > 0 && charactersRead() === 0) throw new Error('nothing was decoded');
  const { user, system } = process.cpuUsage();
  say({ kind: 'count', articles, atMs: performance.now(), cpuMs: (user + system) / 1000 });
});
process.on('disconnect', () => process.exit(0));

await open(name as SystemName, address, token).subscribe(counts.length, (index) => {
  counts[index] = (counts[index] ?? 0) + 1;
});
say({ kind: 'ready' });
