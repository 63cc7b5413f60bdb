import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchFaults } from './faults.js';
import { benchLive, benchSubscribers, benchWaiting } from './live.js';
import { benchMirror } from './mirror.js';
import { benchNetwork } from './network.js';
import { benchPostgres } from './postgres.js';
import { benchPublish } from './publish.js';
import { benchRegistry } from './registry.js';
import { benchReplicas } from './replicas.js';
import { benchServer } from './server.js';
import { benchSteady } from './steady.js';
import { benchStore } from './store.js';
import { benchTrust } from './trust.js';

/** A figure and the bar it must reach. One that is missed fails the run unless README names it under Limits. */
interface Bar {
  readonly name: string;
  readonly value: number;
  readonly bar: number;
  readonly better: 'more' | 'less';
  readonly unit: string;
}

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '5' }, only: { type: 'string' } },
});
const rounds = Number(values.rounds);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const wants = (name: string): boolean => values.only === undefined || values.only === name;

const bars: Bar[] = [];
if (wants('publish')) {
  const figures = await benchPublish(rounds, say);
  say(`echo ${Math.round(figures.echoPerSecond)}/s`);
  bars.push(
    { name: 'unary publish / bare unary echo', value: figures.unaryRatio, bar: 0.6, better: 'more', unit: '×' },
    { name: 'streamed publish / bare unary echo', value: figures.streamRatio, bar: 8, better: 'more', unit: '×' },
  );
}
if (wants('store')) {
  const figures = await benchStore(rounds, say);
  bars.push(
    {
      name: 'newest 50 of a topic, 1,000,000 / 10,000',
      value: figures.newestRatio,
      bar: 1.5,
      better: 'less',
      unit: '×',
    },
    { name: 'newest 50 of a topic among 1,000,000', value: figures.newestMs, bar: 1, better: 'less', unit: 'ms' },
    { name: 'append at 1,000,000 / at 10,000', value: figures.appendRatio, bar: 2, better: 'less', unit: '×' },
    {
      name: 'newest 50 with a common word among 1,000,000',
      value: figures.wordMs,
      bar: 15,
      better: 'less',
      unit: 'ms',
    },
  );
}
if (wants('server')) {
  const figures = await benchServer(rounds, say);
  bars.push(
    { name: 'process start to ready', value: figures.readySeconds, bar: 0.7, better: 'less', unit: 's' },
    { name: 'idle server', value: figures.idleMiB, bar: 110, better: 'less', unit: 'MiB' },
    { name: 'importing 9,075 articles', value: figures.importSeconds, bar: 3, better: 'less', unit: 's' },
    { name: 'event-loop delay under load, p99', value: figures.loopDelayMs, bar: 20, better: 'less', unit: 'ms' },
  );
}
if (wants('network')) {
  const figures = await benchNetwork(rounds, say);
  bars.push(
    { name: 'query over a star of six / local', value: figures.star, bar: 3, better: 'less', unit: '×' },
    { name: 'query over a clique of six / local', value: figures.clique, bar: 4, better: 'less', unit: '×' },
  );
}
if (wants('faults')) {
  const figures = await benchFaults(Math.min(rounds, 3), say);
  bars.push(
    { name: 'a dead peer adds to a query', value: figures.deadMs, bar: 1, better: 'less', unit: 'ms' },
    { name: 'a query beside a late link / before', value: figures.besideRatio, bar: 1.1, better: 'less', unit: '×' },
  );
}
if (wants('mirror')) {
  const figures = await benchMirror(Math.min(rounds, 3), say);
  bars.push(
    { name: 'each further hop / bare unary echo', value: figures.hopRatio, bar: 6, better: 'less', unit: '×' },
    { name: 'mirroring 1,000,000 articles', value: figures.perSecond, bar: 25_000, better: 'more', unit: 'a second' },
  );
}
if (wants('steady')) {
  const figures = await benchSteady(say);
  bars.push(
    { name: 'client importing 300 MB grows', value: figures.importing, bar: 64, better: 'less', unit: 'MiB' },
    { name: 'reading 270,000 articles grows', value: figures.direct, bar: 64, better: 'less', unit: 'MiB' },
    { name: 'the same over two hops grows', value: figures.twoHops, bar: 64, better: 'less', unit: 'MiB' },
  );
}

if (wants('live')) {
  const live = await benchLive(rounds, say);
  const waiting = await benchWaiting(Math.min(rounds, 3), say);
  bars.push(
    { name: 'to 100 subscribers / best broker', value: live.manyRatio, bar: 1.2, better: 'more', unit: '×' },
    { name: 'to one subscriber / NATS', value: live.oneRatio, bar: 1, better: 'more', unit: '×' },
    { name: 'acknowledged to seen / unary echo', value: live.seenRatio, bar: 3, better: 'less', unit: '×' },
    { name: '10,000 subscribers, memory', value: waiting.rssMiB, bar: 400, better: 'less', unit: 'MiB' },
    { name: '10,000 subscribers, one article to all', value: waiting.allMs, bar: 1000, better: 'less', unit: 'ms' },
    { name: '10,000 subscribers, event loop p99', value: waiting.loopP99Ms, bar: 50, better: 'less', unit: 'ms' },
    { name: '100 that never read, memory', value: waiting.grownMiB, bar: 64, better: 'less', unit: 'MiB' },
    { name: 'p99 beside 100 that never read / alone', value: waiting.besideRatio, bar: 2, better: 'less', unit: '×' },
  );
}
if (wants('registry')) {
  const figures = await benchRegistry(Math.min(rounds, 3), say);
  bars.push(
    { name: 'a renewal of 200 servers, p99', value: figures.renewalP99Ms, bar: 100, better: 'less', unit: 'ms' },
    { name: 'listing 10,000 servers', value: figures.listMs, bar: 1000, better: 'less', unit: 'ms' },
  );
}
if (wants('replicas')) {
  const figures = await benchReplicas(Math.min(rounds, 3), say);
  bars.push({
    name: 'CPU of each of two replicas / of one alone',
    value: figures.cpuRatio,
    bar: 0.6,
    better: 'less',
    unit: '×',
  });
}
if (wants('trust')) {
  const figures = await benchTrust(rounds, say);
  const part = (name: string, value: number): Bar => ({ name, value, bar: 0.7, better: 'more', unit: '×' });
  bars.push(
    part('unary publish, TLS and limits / without', figures.unaryRatio),
    part('streamed publish, TLS and limits / without', figures.streamRatio),
    part('fan-out, TLS and limits / without', figures.fanOutRatio),
    { name: 'a seal check in batches of 64', value: figures.sealMicroseconds, bar: 10, better: 'less', unit: 'µs' },
  );
}
// Needs PostgreSQL, so it is no part of a run of all.
if (values.only === 'postgres') {
  const figures = await benchPostgres(rounds, say);
  say(`${Math.round(figures.perSecond)} articles a second into PostgreSQL`);
  bars.push({
    name: 'streamed into PostgreSQL / plain INSERT',
    value: figures.ratio,
    bar: 0.5,
    better: 'more',
    unit: '×',
  });
}
// A question, not a bar: S3.7.
if (values.only === 'subscribers') say(`one server takes ${await benchSubscribers(say)} subscribers`);

const readme = readFileSync('README.md', 'utf8');
const known = readme.slice(readme.indexOf('## Limits'));
const met = ({ value, bar, better }: Bar): boolean => (better === 'more' ? value >= bar : value <= bar);
for (const bar of bars) {
  const line = { ...bar, met: met(bar), listed: known.includes(bar.name) };
  const sign = bar.better === 'more' ? '≥' : '≤';
  const text = `${line.met ? 'met ' : line.listed ? 'miss' : 'MISS'} ${bar.name}: ${bar.value.toFixed(2)} ${bar.unit} (bar ${sign} ${bar.bar})`;
  process.stdout.write(`${values.json ? JSON.stringify(line) : text}\n`);
}
process.exitCode = bars.every((bar) => met(bar) || known.includes(bar.name)) ? 0 : 1;
