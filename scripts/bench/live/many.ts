import { connect } from '../../../dist/client/index.js';
import type { FromIdle } from './messages.js';
import { Program } from './program.js';
import { startBenchServer } from './server.js';

export interface Many {
  readonly subscribers: number;
  readonly rssMiB: number;
  /** From the acknowledgement of one article until the last subscriber has it. */
  readonly allMs: number;
  readonly loopP99Ms: number;
}

const perProcess = 5000;
const articles = 5;

/** That many subscribers at one server, who wait; a few articles come. */
export async function measureMany(subscribers: number): Promise<Many> {
  const server = await startBenchServer();
  const programs: Program<never, FromIdle>[] = [];
  try {
    const lost = new Promise<never>((_, reject) => {
      for (let left = subscribers; left > 0; left -= perProcess) {
        const args = [server.address, server.token, String(Math.min(left, perProcess))];
        const program = new Program<never, FromIdle>('live/idle.ts', args);
        program.on('lost', ({ reason }) => reject(new Error(`a subscriber was lost: ${reason}`)));
        programs.push(program);
      }
    });
    const orLost = <T>(work: Promise<T>): Promise<T> => Promise.race([work, lost]);
    await orLost(Promise.all(programs.map((program) => program.next('ready'))));
    const network = await connect({ registry: 'localhost:1' });
    const community = await network.join(server.address, { as: 'writer' });
    await server.vitals();
    const times: number[] = [];
    for (let n = 0; n < articles; n += 1) {
      const all = Promise.all(programs.map((program) => program.next('all')));
      await community.publish({ topic: 'bench.idle', body: 'x'.repeat(260) });
      const begun = Date.now();
      times.push(Math.max(...(await orLost(all)).map(({ atMs }) => atMs)) - begun);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    await network.close();
    const { rssMiB, loopP99Ms } = await server.vitals();
    return { subscribers, rssMiB, loopP99Ms, allMs: times.sort((a, b) => a - b)[articles >> 1] ?? Number.NaN };
  } finally {
    for (const program of programs) program.stop();
    server.stop();
  }
}
