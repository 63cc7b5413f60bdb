import { comparePlaces, endOf, follows, type LogPlace, type LogStore, logStart } from '../../core/log.js';
import type { Identity } from '../../identity/keys.js';
import { commitOf, rotationsOf } from '../../identity/rotate-key.js';

/**
 * Appends to the own log the rotations of its key that are not in it yet: the key is replaced first, so that nothing can come
 * between the two.
 * @returns the last place that a rotation has, when it does not go on with this log: that is an old copy then.
 * @throws what the store throws.
 */
export async function takeRotations(
  { id, publicKey }: Identity,
  logs: LogStore,
  nowMs: number,
): Promise<LogPlace | undefined> {
  let past: LogPlace | undefined;
  for (const rotation of rotationsOf(publicKey)) {
    const { end, lastSeal } = (await logs.state(id)) ?? { end: logStart, lastSeal: rotation.seal.previous };
    if (comparePlaces(rotation.place, end) <= 0) continue;
    const commit = commitOf(rotation, nowMs);
    const { epoch, firstSeq, previous } = commit.seal;
    const isNext = epoch === end.epoch && follows(end, epoch, firstSeq);
    const goesOn = isNext && Buffer.compare(previous, lastSeal) === 0;
    if (goesOn) await logs.take([{ commit, via: id }]);
    else past = endOf(commit);
  }
  return past;
}
