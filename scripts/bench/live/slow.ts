import type { FromHealthy, FromIdle } from './messages.js';
import { Program } from './program.js';
import { publishing } from './publish-frames.js';
import { startBenchServer } from './server.js';

export interface Slow {
  /** What a hundred that never read add to the server's memory, at most. */
  readonly grownMiB: number;
  /** 99 of 100 articles were seen so soon after they were stored. */
  readonly aloneP99Ms: number;
  readonly besideP99Ms: number;
}

const each = 100;
const perSecond = 500;
const seconds = 6;

/** A hundred who read at once; then the same beside a hundred who never read. */
export async function measureSlow(): Promise<Slow> {
  const server = await startBenchServer();
  const healthy = new Program<object, FromHealthy>('live/healthy.ts', [server.address, String(each)]);
  const writer = publishing(server.address, server.token);
  const programs: { stop(): void }[] = [healthy, writer];
  const late = async (): Promise<number> => {
    healthy.say({ ask: 'late' });
    return (await healthy.next('late')).p99Ms;
  };
  /** @returns the most memory it had. */
  const load = async (): Promise<number> => {
    let most = 0;
    for (let tenth = 0; tenth < seconds * 10; tenth += 1) {
      await writer.publish(perSecond / 10);
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (tenth % 10 === 0) most = Math.max(most, (await server.vitals()).rssMiB);
    }
    return most;
  };
  try {
    await healthy.next('ready');
    await load();
    await late();
    const before = await load();
    const aloneP99Ms = await late();
    const mute = new Program<never, FromIdle>('live/mute.ts', [server.address, server.token, String(each)]);
    programs.push(mute);
    await mute.next('ready');
    await load();
    await late();
    const after = await load();
    return { grownMiB: after - before, aloneP99Ms, besideP99Ms: await late() };
  } finally {
    for (const program of programs) program.stop();
    server.stop();
  }
}
