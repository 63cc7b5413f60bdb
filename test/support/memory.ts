import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process holds in memory, as Linux counts it, in MiB; undefined when it has ended. */
export function residentMiB(pid: number | undefined, field: 'VmRSS' | 'VmHWM' = 'VmRSS'): number | undefined {
  try {
    const kib = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) / 1024;
  } catch {
    return undefined;
  }
}

/** Lets the peak of a process begin anew from what it holds now. @returns that. */
export function forgetPeak(pid: number | undefined): number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return residentMiB(pid) ?? Number.NaN;
}

/** Follows the peak of a process until `stop`, which gives the last that was seen. */
export function watchPeak(pid: number | undefined): { stop(): number } {
  let peak = 0;
  const look = (): void => {
    peak = residentMiB(pid, 'VmHWM') ?? peak;
  };
  const timer = setInterval(look, 20);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return peak;
    },
  };
}

/** Bytes that this process holds in objects and buffers, once all garbage is gone. */
export function settledHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
