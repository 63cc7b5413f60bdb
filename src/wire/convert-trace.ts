import { invalid } from '../core/errors.js';
import { fromId } from '../core/ids.js';
import { type Hop, longestWay, type TraceQuestion } from '../core/trace.js';
import { idList, required, shortText, toDateMs } from './check.js';
import { fromWirePlaces, toWirePlaces } from './convert-place.js';
import type { Hop as WireHop } from './gen/moot/v1/article.js';
import type { TraceBackRequest } from './gen/moot/v1/federation.js';

const textCharacters = 1000;

export function toWireHops(hops: readonly Hop[]): WireHop[] {
  return hops.map(({ id, name, receivedAtMs, reason }) => {
    return { id, name, receivedAtMs: receivedAtMs === undefined ? undefined : BigInt(receivedAtMs), reason };
  });
}

/** @throws MootError `invalid`. */
export function fromWireHops(hops: readonly WireHop[]): Hop[] {
  if (hops.length > longestWay + 1) throw invalid('hops', `a way of ${hops.length} hops`);
  return hops.map(({ id, name, receivedAtMs, reason }) => {
    fromId(id);
    return {
      id,
      name: shortText(name, 'name', textCharacters),
      receivedAtMs: receivedAtMs === undefined ? undefined : toDateMs(receivedAtMs, 'receivedAt'),
      reason: shortText(reason, 'reason', textCharacters),
    };
  });
}

export function toWireTraceBack({ origin, place, asked }: TraceQuestion): TraceBackRequest {
  return { place: toWirePlaces(new Map([[origin, place]]))[0], asked: [...asked] };
}

/** @throws MootError `invalid`. */
export function fromWireTraceBack({ place, asked }: TraceBackRequest): TraceQuestion {
  const [[origin, at] = ['', undefined]] = fromWirePlaces([required(place, 'place')]);
  return { origin, place: required(at, 'place'), asked: idList(asked, 'asked', longestWay) };
}
