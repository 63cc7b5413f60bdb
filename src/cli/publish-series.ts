import { sleep, systemClock } from '../core/clock.js';
import type { Draft } from '../core/draft.js';
import { MootError } from '../core/errors.js';
import { parseDuration } from './parse/duration.js';
import { parseWhole } from './parse/number.js';

export interface Series {
  readonly everyMs: number;
  /** Infinity: until it is ended. */
  readonly count: number;
}

const defaultEveryMs = 1000;

/** undefined: one article, now. @throws UsageError naming the flag. */
export function parseSeries({ every, count }: { every?: string; count?: string }): Series | undefined {
  if (every === undefined && count === undefined) return undefined;
  return {
    everyMs: every === undefined ? defaultEveryMs : parseDuration('--every', every),
    count: count === undefined ? Number.POSITIVE_INFINITY : parseWhole('--count', count, 1, Number.MAX_SAFE_INTEGER),
  };
}

/**
 * Publishes an article a tick, the first at once, each when the one before is acknowledged; a tick that is late is not made up
 * for. With a key each has its own, `KEY-1` and so on, so that the same series sent again adds nothing.
 */
export async function publishSeries(
  draft: Draft,
  key: string | undefined,
  { everyMs, count }: Series,
  signal: AbortSignal,
  publish: (draft: Draft, key: string | undefined) => Promise<void>,
): Promise<void> {
  for (let number = 1, dueMs = systemClock.monotonic(); number <= count; number += 1) {
    await publish(numbered(draft, number), key === undefined ? undefined : `${key}-${number}`);
    dueMs = Math.max(dueMs + everyMs, systemClock.monotonic());
    if (number < count) await sleep(systemClock, dueMs - systemClock.monotonic(), signal);
    if (signal.aborted) throw new MootError('cancelled', 'the series was ended');
  }
}

function numbered(draft: Draft, number: number): Draft {
  const { title, body } = draft;
  return { ...draft, title: title?.replaceAll('{n}', String(number)), body: body.replaceAll('{n}', String(number)) };
}
