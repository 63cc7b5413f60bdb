import { type Clock, sleep } from '../core/clock.js';
import { codeOf, type ErrorCode, isMootError, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { compareAges, type EntryAge, type ServerEntry } from '../core/server-entry.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { WatchServersResponse } from '../wire/gen/moot/v1/registry.js';
import { fullJitter } from './full-jitter.js';
import { readListed } from './read-listed.js';

export type OpenWatch = (signal: AbortSignal) => AsyncIterable<WatchServersResponse>;

/** Told what one registry lists. */
export interface WatchSink {
  /** All that it lists, at the beginning of each connection. */
  listedAll(entries: ReadonlyMap<OriginId, ServerEntry>): void;
  changed(entry: ServerEntry): void;
  gone(id: OriginId): void;
  /** Nothing is heard from it until it lists all again; `retryInMs` is undefined when it will not be tried any more. */
  away(error: MootError, retryInMs: number | undefined): void;
}

/** Three heartbeats. */
const silenceMs = 15_000;
/** A registry that never comes to an end is not believed for ever. */
const mostServers = 1_000_000;
const passing: ReadonlySet<ErrorCode> = new Set(['unavailable', 'timed_out', 'cancelled', 'full', 'damaged']);

/** Watches one registry over as many connections as it takes, until the signal fires. Never rejects. */
export async function watchRegistry(
  open: OpenWatch,
  sink: WatchSink,
  { clock, ring, signal }: { readonly clock: Clock; readonly ring?: KeyRing | undefined; readonly signal: AbortSignal },
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const connection = new AbortController();
    const end = (): void => connection.abort();
    signal.addEventListener('abort', end, { once: true });
    try {
      await read(open, sink, { clock, ring, connection }, () => {
        failures = 0;
      });
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const reason = isMootError(error) ? error : new MootError('internal', 'the watch failed here', { cause: error });
      const retryInMs = passing.has(codeOf(reason)) ? fullJitter(failures) : undefined;
      sink.away(reason, retryInMs);
      if (retryInMs === undefined) return;
      await sleep(clock, retryInMs, signal);
    } finally {
      signal.removeEventListener('abort', end);
      connection.abort();
    }
  }
}

interface Reading {
  readonly clock: Clock;
  /** What is known of keys that were replaced; default: nothing. */
  readonly ring: KeyRing | undefined;
  readonly connection: AbortController;
}

/** One connection. @throws what ended it: it never ends by itself. */
async function read(
  open: OpenWatch,
  sink: WatchSink,
  { clock, ring, connection }: Reading,
  accepted: () => void,
): Promise<never> {
  const frames = open(connection.signal)[Symbol.asyncIterator]();
  let arriving: Map<OriginId, ServerEntry> | undefined = new Map();
  const known = new Map<OriginId, EntryAge>();
  for (;;) {
    const silent = (): void =>
      connection.abort(new MootError('timed_out', 'nothing was heard from the registry for 15 s'));
    const disarm = clock.after(silenceMs, silent);
    const next = await frames.next().finally(disarm);
    if (next.done) throw new MootError('unavailable', 'the registry ended the watch');
    const { frame } = next.value;
    if (frame?.$case === 'listedAll' && arriving) {
      accepted();
      sink.listedAll(arriving);
      arriving = undefined;
    }
    if (frame?.$case !== 'changes') continue;
    for (const { change } of frame.value.changes) {
      if (change?.$case === 'gone') {
        if (!known.delete(change.value)) continue;
        if (arriving) arriving.delete(change.value);
        else sink.gone(change.value);
      } else if (change) {
        const entry = readListed(change.value, ring);
        // An older word than the one it gave before: a registry cannot set a server back.
        if (!entry || compareAges(known.get(entry.id) ?? entry, entry) > 0) continue;
        if (!known.has(entry.id) && known.size >= mostServers) continue;
        known.set(entry.id, { rotations: entry.rotations, counter: entry.counter });
        if (arriving) arriving.set(entry.id, entry);
        else sink.changed(entry);
      }
    }
  }
}
