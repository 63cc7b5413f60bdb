import { type FeedFigures, feedTrial } from './feed-trial.js';
import type { Flags } from './flags.js';
import { type QueryFigures, queryTrial } from './query-trial.js';

/** Everything that one run of the simulator measures. */
export interface Figures {
  /** By size, nobody failing. */
  readonly sound: readonly QueryFigures[];
  /** By size, with failures; empty when there are to be none. */
  readonly failing: readonly QueryFigures[];
  /** By fan-out, on graphs of few and of many links. */
  readonly fanOuts: readonly QueryFigures[];
  /** By size. */
  readonly feed: readonly FeedFigures[];
}

const sizes = [10, 30, 100, 300, 1000, 3000, 10_000];
const fanOuts = [1, 2, 4, 8, 16, 32, 64];
/** What asks one server after the other takes the size of the network, and not its depth. */
const fanOutServers = 100;
const manyLinks = 64;
/** In each server stands a log of each other one, announced over each link: 30,000 logs among 200 servers take half a minute. */
const feedServers = 100;

export async function run(flags: Flags, say: (line: string) => void): Promise<Figures> {
  const { links, rttMs, fanOut, seed } = flags;
  const query = async (servers: number, change: Partial<Parameters<typeof queryTrial>[0]>): Promise<QueryFigures> => {
    const trial = { servers, links, rttMs, fanOut, seed, failures: 0, ...change };
    say(
      `query over ${servers} servers, ${trial.links} links, fan_out ${trial.fanOut}, ${trial.failures * 100}% failing`,
    );
    return queryTrial(trial);
  };
  const sound: QueryFigures[] = [];
  for (const servers of upTo(flags.servers)) sound.push(await query(servers, {}));
  const failing: QueryFigures[] = [];
  if (flags.failures > 0)
    for (const servers of upTo(flags.servers)) failing.push(await query(servers, { failures: flags.failures }));
  const byFanOut: QueryFigures[] = [];
  const few = Math.min(flags.servers, fanOutServers);
  for (const each of new Set([links, manyLinks].map((most) => Math.min(most, few - 1))))
    for (const width of fanOuts) byFanOut.push(await query(few, { links: each, fanOut: width }));
  const feed: FeedFigures[] = [];
  for (const servers of upTo(Math.min(flags.servers, feedServers))) {
    say(`an article among ${servers} servers`);
    feed.push(await feedTrial({ servers, links, rttMs, seed }));
  }
  return { sound, failing, fanOuts: byFanOut, feed };
}

function upTo(servers: number): readonly number[] {
  return [...sizes.filter((size) => size < servers), servers];
}
