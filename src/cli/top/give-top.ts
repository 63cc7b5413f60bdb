import { sleep, systemClock } from '../../core/clock.js';
import { exit } from '../failure.js';
import type { Session } from '../session.js';
import { topLine } from './top-json.js';
import { watchNetwork } from './watching.js';

const everyMs = 1000;

/** One object each second, `count` of them: the first when every registry was heard, or is known to be away. */
export async function giveTop(session: Session, count: number): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([session.signal, ended.signal]);
  let complete = (): void => undefined;
  const heard = new Promise<void>((resolve) => {
    complete = resolve;
  });
  signal.addEventListener('abort', complete, { once: true });
  const watching = watchNetwork(await session.moot(), session.settings.registries, systemClock, signal, () => {
    if (watching.view.isComplete) complete();
  });
  const give = async (): Promise<void> => {
    await heard;
    for (let left = count; left > 0 && !signal.aborted; left -= 1) {
      // After the first second, those that we have joined have answered as well.
      await sleep(systemClock, everyMs, signal);
      if (!signal.aborted) await session.give(topLine(watching.view, systemClock.monotonic(), systemClock.now()));
    }
  };
  try {
    await Promise.race([give(), watching.over]);
  } finally {
    ended.abort();
    await watching.over.catch(() => undefined);
  }
  if (session.signal.aborted) session.status = exit.interrupted;
}
