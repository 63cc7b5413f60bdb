import type { Check } from './check.js';

export interface ClockSeen {
  readonly name: string;
  /** By how much its clock is ahead of the one here; less than none: behind. */
  readonly aheadMs: number;
}

/** What goes unnoticed: dates are shown to the minute, and drafts may be dated some minutes ahead. */
const mostMs = 60_000;
const set = 'set the clock, best by itself: timedatectl set-ntp true';

/** This machine's clock beside those of the servers: where two or more agree that it is wrong, it is. */
export function* checkClocks(seen: readonly ClockSeen[]): Generator<Check> {
  if (seen.length === 0) return;
  const sorted = seen.map(({ aheadMs }) => aheadMs).sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const here = seen.length > 1 && Math.abs(middle) > mostMs ? middle : 0;
  if (here !== 0) {
    const detail = `the clock of this machine is ${apart(here)} ${here > 0 ? 'behind' : 'ahead of'} those of the servers`;
    yield { check: 'clock', status: 'FAIL', detail, hint: set };
  }
  const others = seen.filter(({ aheadMs }) => Math.abs(aheadMs - here) > mostMs);
  for (const { name, aheadMs } of others) {
    const off = aheadMs - here;
    const detail = `the clock of ${name} is ${apart(off)} ${off > 0 ? 'ahead of' : 'behind'} ${here === 0 ? 'the one here' : 'the others'}`;
    yield { check: 'clock', status: 'FAIL', detail, hint: `on the machine that is wrong: ${set}` };
  }
  if (here === 0 && others.length === 0)
    yield {
      check: 'clock',
      status: 'ok',
      detail: `within a minute of ${seen.length === 1 ? 'one server' : `${seen.length} servers`}`,
    };
}

function apart(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
