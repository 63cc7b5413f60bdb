import type { FromReader, ToReader, ToWriter } from './messages.js';
import { Program } from './program.js';
import type { SystemName } from './systems.js';

export interface Flow {
  readonly system: SystemName;
  /** Of the community. */
  readonly address: string;
  readonly token: string;
  readonly subscribers: number;
  /** That the subscribers are spread over. */
  readonly processes: number;
  readonly seconds: number;
}

/** Deliveries that may be under way: enough to keep everybody busy, too few for a broker to throw any away. */
const underWay = 250_000;
const warmUpMs = 2000;

export interface Flowed {
  /** Articles decoded in a second, by all subscribers together. */
  readonly perSecond: number;
  /** Processor time of the subscribers' processes for each of them, in microseconds. */
  readonly readerMicroseconds: number;
}

export async function measureFlow(flow: Flow): Promise<Flowed> {
  const { system, address, token, subscribers, processes, seconds } = flow;
  const each = String(subscribers / processes);
  const readers = Array.from(
    { length: processes },
    () => new Program<ToReader, FromReader>('live/reader.ts', [system, address, token, each]),
  );
  const writer = new Program<ToWriter, never>('live/writer.ts', [system, address, token]);
  try {
    await Promise.all(readers.map((reader) => reader.next('ready')));
    const slowest = readers.map(() => 0);
    const go = (): void => writer.say({ upTo: Math.min(...slowest) + Math.floor(underWay / subscribers) });
    readers.forEach((reader, at) => {
      reader.on('slowest', ({ articles }) => {
        slowest[at] = articles;
        go();
      });
    });
    go();
    const counts = () =>
      Promise.all(
        readers.map((reader) => {
          reader.say({ ask: 'count' });
          return reader.next('count');
        }),
      );
    await sleep(warmUpMs);
    const begun = await counts();
    await sleep(seconds * 1000);
    const ended = await counts();
    const gained = ended.map((end, at) => {
      const begin = begun[at] ?? end;
      const articles = end.articles - begin.articles;
      return { articles, cpuMs: end.cpuMs - begin.cpuMs, perSecond: (articles * 1000) / (end.atMs - begin.atMs) };
    });
    const sum = (of: (one: (typeof gained)[number]) => number) => gained.reduce((all, one) => all + of(one), 0);
    return {
      perSecond: sum((one) => one.perSecond),
      readerMicroseconds: (sum((one) => one.cpuMs) * 1000) / sum((one) => one.articles),
    };
  } finally {
    for (const program of [...readers, writer]) program.stop();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
