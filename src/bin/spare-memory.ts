import { setFlagsFromString } from 'node:v8';

const lookMs = 1000;
/** Of one processor, all threads together. */
const busyShare = 0.5;
const quietMs = 10_000;

/** Tells whether a process has time to spare: at once no more when it is busy, and again when it was quiet for a while. */
export class Quiet {
  private lastMs: number;
  private lastCpuMs: number;
  private busyMs: number;

  constructor(nowMs: number, cpuMs: number) {
    this.lastMs = nowMs;
    this.busyMs = nowMs;
    this.lastCpuMs = cpuMs;
  }

  /** @param cpuMs what the process has spent in all. */
  look(nowMs: number, cpuMs: number): boolean {
    if (cpuMs - this.lastCpuMs >= busyShare * (nowMs - this.lastMs)) this.busyMs = nowMs;
    this.lastMs = nowMs;
    this.lastCpuMs = cpuMs;
    return nowMs - this.busyMs >= quietMs;
  }
}

/**
 * While the process has time to spare, V8 clears what is old when a little of it has gathered, and moves together what is
 * left: a server that runs for long keeps its size. While it has none, that would double what an article costs to publish.
 */
export function spareMemoryWhileQuiet(): void {
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const quiet = new Quiet(performance.now(), cpuMs());
  let isSparing = false;
  const look = (): void => {
    const isQuiet = quiet.look(performance.now(), cpuMs());
    if (isQuiet !== isSparing) spareMemory(isQuiet);
    isSparing = isQuiet;
  };
  setInterval(look, lookMs).unref();
}

/** Asked at each collection, so that it holds from there on. */
export function spareMemory(isWanted: boolean): void {
  setFlagsFromString(isWanted ? '--optimize-for-size' : '--no-optimize-for-size');
}
