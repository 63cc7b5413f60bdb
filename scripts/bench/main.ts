import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchPublish } from './publish.js';
import { benchStore } from './store.js';

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
  );
}

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
