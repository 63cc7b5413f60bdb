import { type Clock, sleep } from '../core/clock.js';
import { codeOf, MootError } from '../core/errors.js';
import type { Conversation } from '../wire/conversation.js';
import type { PublishStreamRequest, PublishStreamResponse } from '../wire/gen/moot/v1/community.js';
import { PublishSession } from './publish-session.js';
import { type PublishItem, PublishWindow } from './publish-window.js';
import type { PublishResult } from './types.js';

/**
 * Times in a row that a stream may break without one answer, at least: with the waits between them about 6 s. More, as long
 * as the silence is shorter than the caller allows.
 */
const fewestBreaks = 8;

export interface PublishAllParts {
  readonly clock: Clock;
  readonly stallMs: number;
  readonly signal: AbortSignal | undefined;
  /** Opens a stream; called again after one has broken. */
  open(): Promise<Conversation<PublishStreamRequest, PublishStreamResponse>>;
}

/**
 * Publishes all `items` over as many streams as it takes: what was sent when one broke is sent again with the same keys.
 * They are taken from their source no faster than they are acknowledged and the results are read.
 */
export async function* publishAll(
  items: Iterable<PublishItem> | AsyncIterable<PublishItem>,
  parts: PublishAllParts,
): AsyncGenerator<PublishResult> {
  const window = new PublishWindow(items);
  let breaks = 0;
  let heardMs = parts.clock.monotonic();
  try {
    while (!window.isDone) {
      let session: PublishSession | undefined;
      try {
        session = new PublishSession(await parts.open(), window, parts.clock, parts.stallMs);
        for await (const result of session.results()) {
          breaks = 0;
          heardMs = parts.clock.monotonic();
          yield result;
        }
      } catch (error) {
        breaks += 1;
        const isLong = parts.clock.monotonic() - heardMs >= parts.stallMs;
        if (!isBreak(error) || (breaks >= fewestBreaks && isLong)) throw error;
        await sleep(parts.clock, Math.min(1500, 50 * 2 ** breaks), parts.signal);
        if (parts.signal?.aborted) throw new MootError('cancelled', 'the call was cancelled');
      } finally {
        session?.close();
      }
    }
  } finally {
    await window.close();
  }
}

function isBreak(error: unknown): boolean {
  return ['unavailable', 'timed_out'].includes(codeOf(error));
}
