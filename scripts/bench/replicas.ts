import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Community, connect, type Moot } from '../../dist/client/index.js';
import { Replicated } from '../../test/support/replicated.js';
import { median, oneMember } from './support.js';

/** What replicas save each other. */
export interface ReplicaFigures {
  /** CPU time of the busier of two replicas, to that of one alone at the same load in all. */
  readonly cpuRatio: number;
}

const seconds = 8;
const publishers = 8;
const subscribers = 80;
/** Half of what fills two cores with the clients, PostgreSQL and NATS on them: what is compared is work, not who gets a turn. */
const everyMs = 50;
const ticksPerSecond = 100;

/** Publishers at a fixed rate, and subscribers that read all of it, spread over the replicas. */
export async function benchReplicas(rounds: number, say: (line: string) => void): Promise<ReplicaFigures> {
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const [alone] = await cpuSeconds(1);
    const both = await cpuSeconds(2);
    ratios.push(Math.max(...both) / (alone ?? Number.NaN));
    const shares = both.map((spent) => spent.toFixed(2)).join(' and ');
    say(`replicas, round ${round} of ${rounds}: ${shares} s of CPU each of two, ${alone?.toFixed(2)} s of one alone`);
  }
  return { cpuRatio: median(ratios) };
}

async function cpuSeconds(count: number): Promise<readonly number[]> {
  const assembly = await Replicated.start(count, { flags: oneMember });
  const clients: Moot[] = [];
  const at = async (number: number): Promise<Community> => {
    const moot = await connect({ registry: assembly.registry?.address ?? '' });
    clients.push(moot);
    return moot.join(assembly.addressOf(number % count), { as: `person${number}` });
  };
  try {
    let isOver = false;
    let arrived = 0;
    const work: Promise<void>[] = [];
    for (let number = 0; number < 4; number += 1) {
      const there = await at(number);
      const subscriptions = Array.from({ length: subscribers / 4 }, () => there.subscribe({ from: 'now' }));
      for (const subscription of subscriptions)
        void (async () => {
          for await (const event of subscription) if (event.type === 'article') arrived += 1;
        })();
    }
    for (let number = 4; number < 4 + publishers; number += 1) {
      const there = await at(number);
      work.push(
        (async () => {
          for (let dueMs = performance.now(); !isOver; dueMs += everyMs) {
            await there.publish({ topic: 'load', author: 'load', body: 'x'.repeat(200) });
            await pause(Math.max(0, dueMs + everyMs - performance.now()));
          }
        })(),
      );
    }
    await pause(1500);
    const arrivedBefore = arrived;
    const before = assembly.replicas.map(({ child }) => spent(child.pid));
    await pause(seconds * 1000);
    const after = assembly.replicas.map(({ child }) => spent(child.pid));
    // A machine that is busy with something else lets fewer through: what is compared is the same number of them.
    const share = (subscribers * publishers * (seconds * 1000)) / everyMs / (arrived - arrivedBefore);
    isOver = true;
    await Promise.all(work);
    if (!(share < 2)) throw new Error(`too little arrived: 1 in ${share.toFixed(1)}`);
    return after.map((value, index) => share * (value - (before[index] ?? 0)));
  } finally {
    await Promise.all(clients.map((moot) => moot.close()));
    await assembly.close();
  }
}

/** CPU seconds of a process so far, in user and system. */
function spent(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
