import type { Clock } from '../../core/clock.js';
import { bareEntry, noHash } from '../../core/entry.js';
import { encodeEntry } from '../../core/entry-codec.js';
import { codeOf } from '../../core/errors.js';
import { type Commit, type LogPlace, type LogStore, logStart } from '../../core/log.js';
import type { Identity } from '../../identity/keys.js';
import { leafHash } from '../../identity/merkle.js';
import { createSealer } from '../../identity/seal.js';

export interface EpochParts {
  readonly identity: Identity;
  readonly logs: LogStore;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** How many epochs a second has: two copies that are put back in the same one hardly draw the same. */
const epochsASecond = 2 ** 20;

/**
 * An epoch after `floor` for a copy that was put back. Two servers on copies of one backup may never hear of each other, so
 * that counting on is not enough: it is drawn, and the later start has the higher one.
 */
function drawEpoch(floor: number, nowMs: number, random: () => number): number {
  const drawn = Math.floor(random() * epochsASecond);
  const dated = Math.floor(nowMs / 1000) * epochsASecond + drawn;
  return dated > floor ? dated : floor + 1 + drawn;
}

/**
 * Goes on with the own log in a new epoch: what is published from now on stands at places that nobody can have seen with other
 * articles in them, whatever was given out between that and the end of this copy.
 * @param own knows the last place that was given, and is told that an epoch has begun.
 * @param isRestored the number of the epoch is drawn; default: it is the next one.
 * @returns what the log says of it. @throws what the store throws.
 */
export async function beginEpoch(
  { identity, logs, clock, random }: EpochParts,
  own: { readonly given: LogPlace; began(): void },
  isRestored: boolean,
): Promise<readonly ['warn' | 'error', string]> {
  const sealer = createSealer(identity);
  for (;;) {
    const state = await logs.state(identity.id);
    const { end, lastSeal } = state ?? { end: logStart, lastSeal: noHash };
    const nowMs = Math.round(clock.now());
    const floor = Math.max(end.epoch, own.given.epoch);
    const place = { epoch: isRestored ? drawEpoch(floor, nowMs, random) : floor + 1, seq: end.seq + 1 };
    const bytes = encodeEntry(bareEntry('epoch-start', { origin: identity.id, ...place }, nowMs));
    const hash = leafHash(bytes);
    const seal = sealer.seal(place.epoch, place.seq, [hash], lastSeal);
    const commit: Commit = { seal, entries: [{ hash, bytes, gone: undefined }], storedAtMs: nowMs };
    try {
      await logs.take([{ commit, via: identity.id }]);
      own.began();
      return said(place, isRestored);
    } catch (error) {
      // Something was published meanwhile: the epoch begins after it.
      if (codeOf(error) !== 'invalid') throw error;
    }
  }
}

/** Who restores a backup expects it. */
function said({ epoch, seq }: LogPlace, isRestored: boolean): readonly ['warn' | 'error', string] {
  const why = isRestored ? 'this was restored from a backup' : 'this was an old copy of its data';
  return [isRestored ? 'warn' : 'error', `${why}: epoch ${epoch} begins at entry ${seq}`];
}
