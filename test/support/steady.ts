import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { forgetPeak, residentMiB, watchPeak } from './memory.js';
import { type Daemon, Processes } from './processes.js';
import { seededRandom } from './seeded-random.js';

/** MiB by which each process grew over what it held before. */
export type Growth = Readonly<Record<string, number>>;

const bodyBytes = 1024;
/** How long the reader of a client's output stops on the way. */
const stopMs = 10_000;
const vocabulary =
  'the of and community server article topic query network log seal commit writer reader disk chess rook'.split(' ');

/** Lines to import, one article of 1 KiB each, with dates in no order. */
export function* steadyLines(count: number): Generator<string> {
  const random = seededRandom(1);
  const below = (end: number): number => Math.floor(random() * end);
  for (let n = 0; n < count; n += 1) {
    let body = `${n} `;
    while (body.length < bodyBytes) body += `${vocabulary[below(vocabulary.length)]} `;
    const [topic, author] = [`steady.t${below(20)}`, `author ${below(50)}`];
    const publishedAt = 1_500_000_000 + below(200_000_000);
    yield `${JSON.stringify({ topic, author, title: `Article ${n}`, body: body.slice(0, bodyBytes), publishedAt })}\n`;
  }
}

/** Three communities, A linked to B linked to C, and all articles in C; each step says by how much its processes grew. */
export class SteadyNetwork {
  private readonly network = new Processes();
  private readonly servers = new Map<string, Daemon>();

  async start(): Promise<void> {
    await this.network.startRegistry();
    for (const name of ['A', 'B', 'C']) {
      this.servers.set(name, await this.network.startServer(name));
      await this.network.ok('join', name, '--as', 'ada');
    }
    await this.network.ok('connect', 'A', 'B');
    await this.network.ok('connect', 'B', 'C');
  }

  /** Imports `count` articles into C by standard input, and waits until B and A keep copies of all: that is work of its own. */
  async importInto(count: number): Promise<Growth> {
    const before = await this.importLines(1);
    const grown = (await this.importLines(count - 1)) - before;
    await this.network.ok('publish', 'C', '--topic', 'last', '--body', 'After this comes nothing.');
    await this.network.ok('subscribe', 'A', '--topic', 'last', '--from', 'beginning', '--count', '1');
    return { client: grown };
  }

  /**
   * Asks `name` for all there is, as a reader does who stops reading its pipe for 10 s on the way. The servers have answered
   * for a third of it before: their heaps grow with the first work they do, whatever its size, and then no more.
   */
  async queryAll(
    name: string,
    through: readonly string[],
  ): Promise<{ readonly articles: number; readonly grown: Growth }> {
    const flags = ['query', name, '--timeout', '60s'];
    const before = (await this.readAll([...flags, '--limit', '1'], Number.POSITIVE_INFINITY)).peak;
    const third = Array.from({ length: 7 }, (_, n) => ['--topic', `steady.t${n}`]).flat();
    await this.readAll([...flags, '--all', ...third], Number.POSITIVE_INFINITY);
    const held = through.map((server) => forgetPeak(this.pidOf(server)));
    const { peak, articles } = await this.readAll([...flags, '--all'], 5_000);
    const servers = through.map((server, at) => {
      return [server, (residentMiB(this.pidOf(server), 'VmHWM') ?? Number.NaN) - (held[at] ?? 0)] as const;
    });
    return { articles, grown: { client: peak - before, ...Object.fromEntries(servers) } };
  }

  close(): Promise<void> {
    return this.network.close();
  }

  private pidOf(name: string): number | undefined {
    return this.servers.get(name)?.child.pid;
  }

  /** @returns the peak of the client. */
  private async importLines(count: number): Promise<number> {
    const child = this.network.spawn(['import', 'C', '-', '--json']);
    const watch = watchPeak(child.pid);
    const ended = once(child, 'close');
    child.stdout?.resume();
    for (const line of steadyLines(count)) if (child.stdin?.write(line) === false) await once(child.stdin, 'drain');
    child.stdin?.end();
    const [status] = (await ended) as [number | null];
    if (status !== 0) throw new Error(`the import ended with ${status}`);
    return watch.stop();
  }

  private async readAll(args: readonly string[], stopAfter: number): Promise<{ peak: number; articles: number }> {
    const child = this.network.spawn([...args, '--json']);
    const watch = watchPeak(child.pid);
    const ended = once(child, 'close');
    let lines = 0;
    let stopped = false;
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    if (child.stdout)
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
        for (const byte of chunk) if (byte === 10) lines += 1;
        if (lines < stopAfter || stopped) continue;
        stopped = true;
        await pause(stopMs);
      }
    const [status] = (await ended) as [number | null];
    if (status !== 0) throw new Error(`the query ended with ${status}: ${said}`);
    return { peak: watch.stop(), articles: lines - 1 };
  }
}
