import { type Community, connect } from '../../dist/client/index.js';
import { FaultyProxy } from '../../test/support/faulty-proxy.js';
import { freePort } from '../../test/support/free-port.js';
import { Processes } from '../../test/support/processes.js';
import { median } from './support.js';

/** What a query pays for peers that are not well. */
export interface FaultFigures {
  /** What a dead peer adds to a query, from the sixth on, its copy being read included; ms. */
  readonly deadMs: number;
  /** A query at a server beside one whose link is 10 ms late, to the same before it was. */
  readonly besideRatio: number;
}

const articlesEach = 50;
const queries = 100;

/** Alone and Linked both link to Healthy; Linked to Dead as well, and to Late through a proxy. */
export async function benchFaults(rounds: number, say: (line: string) => void): Promise<FaultFigures> {
  const network = new Processes();
  const port = await freePort();
  const proxy = await FaultyProxy.start(() => 1, port);
  try {
    const registry = await network.startRegistry();
    for (const name of ['Alone', 'Linked', 'Healthy']) await network.startServer(name);
    const dead = await network.startServer('Dead');
    const late = ['server', String(port), '--name', 'Late', '--data', `${network.folder}/Late`];
    await network.start(...late, '--advertise', proxy.address);
    const moot = await connect({ registry: registry.address, home: network.home, timeoutMs: 20_000 });
    const at = async (name: string): Promise<Community> => moot.join(name, { as: 'ada' });
    for (const name of ['Alone', 'Linked', 'Healthy', 'Dead', 'Late']) {
      const member = await at(name);
      for (let n = 0; n < articlesEach; n += 1) await member.publish({ topic: 'bench', body: `${n} of ${name}` });
    }
    for (const to of ['Healthy', 'Dead']) await (await moot.operator('Linked')).connect(to);
    await (await moot.operator('Alone')).connect('Healthy');
    const [alone, linked] = [await moot.community('Alone'), await moot.community('Linked')];
    for (let n = 0; n < queries; n += 1) await Promise.all([time(alone), time(linked)]);
    await dead.end('SIGKILL');
    for (let n = 0; n < 6; n += 1) await time(linked);
    const added: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const [without, withDead]: [number[], number[]] = [[], []];
      for (let n = 0; n < queries; n += 1) {
        without.push(await time(alone));
        withDead.push(await time(linked));
      }
      added.push(median(withDead) - median(without));
      say(
        `faults, round ${round} of ${rounds}: a dead peer adds ${added.at(-1)?.toFixed(2)} ms to ${median(without).toFixed(2)}`,
      );
    }

    await (await moot.operator('Linked')).connect('Late');
    const beside = async (): Promise<number> => {
      const took: number[] = [];
      for (let n = 0; n < queries; n += 1) {
        const crossing = time(linked);
        took.push(await time(alone));
        await crossing;
      }
      return median(took);
    };
    const ratios: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      proxy.become({});
      const before = await beside();
      proxy.become({ lateMs: 10 });
      ratios.push((await beside()) / before);
    }
    await moot.close();
    return { deadMs: median(added), besideRatio: median(ratios) };
  } finally {
    await network.close();
    await proxy.close();
  }
}

async function time(community: Community): Promise<number> {
  const began = performance.now();
  await community.query({ limit: 50 }).report;
  return performance.now() - began;
}
