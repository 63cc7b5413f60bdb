import { sleep, systemClock } from '../../core/clock.js';
import { isMootError } from '../../core/errors.js';
import { table } from '../render/table.js';
import type { List } from './pick.js';
import type { Standing } from './prompts.js';

/** A list as it is on the screen. */
export interface Shown<T> {
  readonly rows: readonly T[];
  /** Keys of rows that are there only for the mark to have something to stand on. */
  readonly gone: ReadonlySet<string>;
  /** Why it could not be fetched anew, where it could not. */
  readonly outdated: string | undefined;
}

const betweenMs = 1000;
/** Fetching takes at most a tenth of the time. */
const rest = 9;
/** While somebody types, nothing moves. */
const untouchedMs = 500;

/**
 * Fetches a list again and again until it is no longer what is shown.
 * @returns what is to be shown then; undefined when the signal fired first.
 */
export async function keepUp<T>(
  list: List<T>,
  shown: Shown<T>,
  standing: Standing,
  signal: AbortSignal,
): Promise<Shown<T> | undefined> {
  const before = asText(list, shown);
  for (let tookMs = 0; !signal.aborted; ) {
    await sleep(systemClock, Math.max(betweenMs, rest * tookMs), signal);
    const beganMs = systemClock.monotonic();
    const fetched = await fetchAnew(list, shown, signal);
    tookMs = systemClock.monotonic() - beganMs;
    await untilUntouched(standing, signal);
    const next = withMarked(list, shown, fetched, standing.active);
    if (!signal.aborted && asText(list, next) !== before) return next;
  }
  return undefined;
}

async function fetchAnew<T>({ fetch }: List<T>, shown: Shown<T>, signal: AbortSignal): Promise<Shown<T>> {
  try {
    return { rows: await fetch(signal), gone: new Set(), outdated: undefined };
  } catch (error) {
    if (!isMootError(error)) throw error;
    return { ...shown, outdated: error.message };
  }
}

async function untilUntouched(standing: Standing, signal: AbortSignal): Promise<void> {
  for (;;) {
    const leftMs = standing.touchedMs + untouchedMs - systemClock.monotonic();
    if (leftMs <= 0 || signal.aborted) return;
    await sleep(systemClock, leftMs, signal);
  }
}

/** The row with the mark stays where it is though it is gone, so that nobody picks its neighbour by chance. */
function withMarked<T>({ key }: List<T>, shown: Shown<T>, next: Shown<T>, active: string | undefined): Shown<T> {
  const at = shown.rows.findIndex((row) => key(row) === active);
  const marked = shown.rows[at];
  if (marked === undefined || active === undefined || next.rows.length === 0) return next;
  if (next.rows.some((row) => key(row) === active)) return next;
  return { ...next, rows: next.rows.toSpliced(at, 0, marked), gone: new Set([active]) };
}

function asText<T>({ columns, key }: List<T>, { rows, gone, outdated = '' }: Shown<T>): string {
  const keys = rows.map((row) => `${key(row)}${gone.has(key(row)) ? ' gone' : ''}`);
  return [outdated, ...keys, table(columns(rows), rows, Number.POSITIVE_INFINITY)].join('\n');
}
