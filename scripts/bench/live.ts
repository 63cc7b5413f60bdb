import { measureFlow } from './live/flow.js';
import { measureMany } from './live/many.js';
import type { FromDelay } from './live/messages.js';
import { Program } from './live/program.js';
import { startBenchServer } from './live/server.js';
import { measureSlow } from './live/slow.js';
import type { SystemName } from './live/systems.js';
import { type Child, median, spawnJson } from './support.js';

type Say = (line: string) => void;

/** How fast the live feed is, beside three brokers and a bare echo in the same run. */
export interface LiveFigures {
  /** Articles decoded in a second by 100 subscribers in two processes, to the best broker's. */
  readonly manyRatio: number;
  /** The same by one subscriber, to NATS's. */
  readonly oneRatio: number;
  /** From the acknowledgement until one subscriber has it, to a unary echo. */
  readonly seenRatio: number;
}

const seconds = 4;
const brokers: readonly SystemName[] = ['nats', 'redis', 'mosquitto'];

export async function benchLive(rounds: number, say: Say): Promise<LiveFigures> {
  const server = await startBenchServer();
  const { address, token } = server;
  const flow = async (system: SystemName, subscribers: number, processes: number): Promise<number> => {
    const flowed = await measureFlow({ system, address, token, subscribers, processes, seconds });
    const each = flowed.readerMicroseconds.toFixed(1);
    say(
      `  ${system}: ${Math.round(flowed.perSecond)} articles/s to ${subscribers}, ${each} µs of their processes each`,
    );
    return flowed.perSecond;
  };
  const many: number[] = [];
  const one: number[] = [];
  const seen: number[] = [];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      say(`live, round ${round} of ${rounds}`);
      const own = await flow('moot', 100, 2);
      let best = 0;
      for (const broker of brokers) best = Math.max(best, await flow(broker, 100, 2));
      many.push(own / best);
      one.push((await flow('moot', 1, 1)) / (await flow('nats', 1, 1)));
      seen.push(await seenRatio(address, say));
    }
  } finally {
    server.stop();
  }
  return { manyRatio: median(many), oneRatio: median(one), seenRatio: median(seen) };
}

async function seenRatio(address: string, say: Say): Promise<number> {
  const children: Child[] = [];
  const echo = await spawnJson('tsx', ['scripts/bench/echo-server.ts'], children);
  const program = new Program<never, FromDelay>('live/delay.ts', [address, String(echo.address)]);
  try {
    const { seenMs, echoMs } = await program.next('delay');
    say(`  seen ${seenMs.toFixed(2)} ms after its acknowledgement; an echo takes ${echoMs.toFixed(2)} ms`);
    return seenMs / echoMs;
  } finally {
    program.stop();
    for (const child of children) child.kill('SIGKILL');
  }
}

export interface WaitingFigures {
  readonly rssMiB: number;
  readonly allMs: number;
  readonly loopP99Ms: number;
  readonly grownMiB: number;
  /** How late articles are for healthy subscribers beside some that never read, to alone. */
  readonly besideRatio: number;
}

/** 10,000 subscribers that wait, and 100 that never read. */
export async function benchWaiting(rounds: number, say: Say): Promise<WaitingFigures> {
  const idle = [];
  const slow = [];
  for (let round = 1; round <= rounds; round += 1) {
    const many = await measureMany(10_000);
    say(
      `10,000 wait: ${many.rssMiB.toFixed(0)} MiB, an article to all in ${many.allMs} ms, loop p99 ${many.loopP99Ms.toFixed(1)} ms`,
    );
    idle.push(many);
    const beside = await measureSlow();
    const { grownMiB, aloneP99Ms, besideP99Ms } = beside;
    say(`100 never read: + ${grownMiB.toFixed(0)} MiB; p99 of the others ${besideP99Ms} ms, alone ${aloneP99Ms} ms`);
    slow.push(beside);
  }
  return {
    rssMiB: median(idle.map(({ rssMiB }) => rssMiB)),
    allMs: median(idle.map(({ allMs }) => allMs)),
    loopP99Ms: median(idle.map(({ loopP99Ms }) => loopP99Ms)),
    grownMiB: median(slow.map(({ grownMiB }) => grownMiB)),
    besideRatio: median(slow.map(({ besideP99Ms, aloneP99Ms }) => besideP99Ms / Math.max(1, aloneP99Ms))),
  };
}

/** S3.7: twice as many each time, until an article takes longer than a second to reach them all, or some are lost. */
export async function benchSubscribers(say: Say): Promise<number> {
  let most = 0;
  for (let subscribers = 5000; ; subscribers *= 2) {
    try {
      const { rssMiB, allMs, loopP99Ms } = await measureMany(subscribers);
      const each = ((rssMiB * 1024) / subscribers).toFixed(1);
      say(
        `${subscribers}: ${rssMiB.toFixed(0)} MiB (${each} KiB each), to all in ${allMs} ms, loop p99 ${loopP99Ms.toFixed(1)} ms`,
      );
      if (allMs > 1000) return most;
      most = subscribers;
    } catch (error) {
      say(`${subscribers}: ${error instanceof Error ? error.message : String(error)}`);
      return most;
    }
  }
}
