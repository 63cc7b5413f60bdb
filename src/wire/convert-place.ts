import { invalid } from '../core/errors.js';
import { fromId, type OriginId } from '../core/ids.js';
import type { Gap, LogPlace } from '../core/log.js';
import { shortText, toNumber } from './check.js';
import type { Place, Gap as WireGap } from './gen/moot/v1/article.js';

/** More logs than any server carries. */
const mostPlaces = 100_000;
const reasonCharacters = 1000;

export function toWirePlaces(places: ReadonlyMap<OriginId, LogPlace>): Place[] {
  return [...places].map(([origin, { epoch, seq }]) => ({ origin, epoch: BigInt(epoch), seq: BigInt(seq) }));
}

/** @throws MootError `invalid` naming `cursor`. */
export function fromWirePlaces(places: readonly Place[]): Map<OriginId, LogPlace> {
  if (places.length > mostPlaces)
    throw invalid('cursor', `cursor names ${places.length} logs; the limit is ${mostPlaces}`);
  const read = new Map<OriginId, LogPlace>();
  for (const { origin, epoch, seq } of places) {
    fromId(origin, 'cursor');
    if (read.has(origin)) throw invalid('cursor', 'cursor names a log twice');
    read.set(origin, { epoch: toNumber(epoch, 'cursor', 1), seq: toNumber(seq, 'cursor') });
  }
  return read;
}

export function toWireGap(gap: Gap): WireGap {
  const { origin, epoch, fromSeq, toSeq, reason } = gap;
  return { origin, epoch: BigInt(epoch), fromSeq: BigInt(fromSeq), toSeq: BigInt(toSeq), reason };
}

/** @throws MootError `invalid`. */
export function fromWireGap(gap: WireGap): Gap {
  fromId(gap.origin, 'origin');
  const fromSeq = toNumber(gap.fromSeq, 'fromSeq', 1);
  const reason = shortText(gap.reason, 'reason', reasonCharacters);
  return {
    origin: gap.origin,
    epoch: toNumber(gap.epoch, 'epoch', 1),
    fromSeq,
    toSeq: toNumber(gap.toSeq, 'toSeq', fromSeq),
    reason,
  };
}
