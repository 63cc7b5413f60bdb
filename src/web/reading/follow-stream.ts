import type { LiveLost, Problem } from '../api.js';
import { problemOf, Refused, refusal, send } from './ask.js';
import { EventParser, type StreamEvent } from './event-parser.js';

/** How a stream stands: `refused` is for good, the others mend by themselves. */
export type StreamState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly problem: Problem; readonly retryInMs: number }
  | { readonly kind: 'refused'; readonly problem: Problem };

export interface Followed {
  readonly address: string;
  readonly token?: string | undefined;
  onEvent(event: StreamEvent): void;
  onState(state: StreamState): void;
  /** Waits so long, or until it may be worth trying sooner. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  random?(): number;
}

/** Without a byte for so long, comments included, the connection is taken for dead: the gateway sends a comment every 15 s. */
const silenceMs = 40_000;
const firstMs = 500;
const mostMs = 15_000;

/**
 * Follows an event stream until `signal` aborts: with a header for the token, which EventSource cannot send; from behind the last event
 * that was seen, after each loss.
 */
export async function followStream(followed: Followed, signal: AbortSignal): Promise<void> {
  let lastId = '';
  let failures = 0;
  while (!signal.aborted) {
    followed.onState({ kind: 'connecting' });
    try {
      await readOnce(
        followed,
        lastId,
        signal,
        () => {
          failures = 0;
        },
        (id) => {
          lastId = id;
        },
      );
      throw new Refused(ended, 0);
    } catch (error) {
      if (signal.aborted) return;
      const problem = problemOf(error);
      if (error instanceof Refused && error.status === gone) lastId = '';
      if (error instanceof Refused && isFinal(error.status)) return followed.onState({ kind: 'refused', problem });
      const random = followed.random ?? Math.random;
      const spread = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 16)) * (0.5 + random());
      const retryInMs = Math.round(Math.max(problem.retryAfterMs ?? 0, spread));
      failures += 1;
      followed.onState({ kind: 'lost', problem, retryInMs });
      await followed.pause(retryInMs, signal);
    }
  }
}

async function readOnce(
  { address, token, onEvent, onState }: Followed,
  lastId: string,
  signal: AbortSignal,
  onOpen: () => void,
  onId: (id: string) => void,
): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const question = { token, signal: AbortSignal.any([signal, silence.signal]) };
    const place: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId };
    const response = await send(address, question, { ...place, accept: 'text/event-stream' });
    if (!response.ok || !response.body) throw await refusal(response);
    onOpen();
    onState({ kind: 'live' });
    const parser = new EventParser();
    const text = new TextDecoder();
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      for (const event of parser.read(text.decode(value, { stream: true }))) {
        onEvent(event);
        if (event.id !== '') onId(event.id);
      }
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(ended, 0);
  } finally {
    clearTimeout(timer);
  }
}

/** The place to go on from is not known any more: what came meanwhile is to be asked for, and the stream begun anew. */
const gone = 410;

/** What will not be otherwise the next time: not who comes too often (429) or too slowly (408). */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && ![408, gone, 425, 429].includes(status);
}

/** The gateway itself has lost whom it asks; the stream to here still stands. */
export function lostState({ reason, retryInMs }: LiveLost): StreamState {
  return { kind: 'lost', problem: { ...ended, message: `The live feed was lost: ${reason}` }, retryInMs };
}

const ended: Problem = {
  code: 'unavailable',
  message: 'The live connection was lost.',
  field: null,
  hint: 'It is made again by itself.',
  retryAfterMs: null,
};
