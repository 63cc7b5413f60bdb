import type { Start } from '../core/cursor.js';
import { invalid } from '../core/errors.js';
import type { NotFed } from '../core/following.js';
import { fromId } from '../core/ids.js';
import type { SubscribeRequest, SubscriptionFrame } from '../core/subscribing.js';
import { required, shortText, toDateMs } from './check.js';
import { fromWireFilter, toWireFilter } from './convert-filter.js';
import { fromWireParts, toWireParts } from './convert-part.js';
import { fromWireGap, fromWirePlaces, toWireGap, toWirePlaces } from './convert-place.js';
import { fromWireScope, toWireScope } from './convert-query.js';
import {
  type SubscribeResponse,
  type NotFed as WireNotFed,
  Start as WireStart,
  type SubscribeRequest as WireSubscribe,
} from './gen/moot/v1/community.js';

const reasonCharacters = 1000;

export function toWireSubscribe({ filter, scope, cursor }: SubscribeRequest): WireSubscribe {
  return {
    filter: toWireFilter(filter),
    scope: toWireScope(scope),
    cursor: toWirePlaces(cursor.places),
    start: cursor.start === 'beginning' ? WireStart.START_BEGINNING : WireStart.START_NOW,
  };
}

/** @throws MootError `invalid` naming the field. */
export function fromWireSubscribe({ filter, scope, cursor, start }: WireSubscribe): SubscribeRequest {
  return {
    filter: fromWireFilter(filter),
    scope: fromWireScope(scope),
    cursor: { places: fromWirePlaces(cursor), start: fromWireStart(start) },
  };
}

function fromWireStart(start: WireStart): Start {
  if (start === WireStart.START_BEGINNING) return 'beginning';
  if (start === WireStart.START_NOW || start === WireStart.START_UNSPECIFIED) return 'now';
  throw invalid('start', `start ${start} is not known here`, 'use now or beginning');
}

export function toWireSubscription(frame: SubscriptionFrame): SubscribeResponse {
  switch (frame.kind) {
    case 'accepted': {
      const notFed = frame.notFed.map(({ peer: id, sinceMs, name, reason }) => {
        return { id, name, reason, sinceMs: BigInt(sinceMs) };
      });
      const value = { subscribers: frame.subscribers, cursor: toWirePlaces(frame.places), notFed };
      return { frame: { $case: 'accepted', value } };
    }
    case 'entries': {
      const [through] = toWirePlaces(new Map([[frame.origin, frame.through]]));
      const value = { parts: toWireParts(frame.parts), through, live: frame.live };
      return { frame: { $case: 'entries', value } };
    }
    case 'caught-up':
      return { frame: { $case: 'caughtUp', value: { cursor: toWirePlaces(frame.places) } } };
    case 'heartbeat':
      return { frame: { $case: 'heartbeat', value: { cursor: toWirePlaces(frame.places) } } };
    case 'gap':
      return { frame: { $case: 'gap', value: toWireGap(frame.gap) } };
  }
}

/** A frame of a kind that is not known here is undefined. @throws MootError `invalid`. */
export function fromWireSubscription({ frame }: SubscribeResponse): SubscriptionFrame | undefined {
  switch (frame?.$case) {
    case 'accepted': {
      const { subscribers, cursor, notFed } = frame.value;
      return { kind: 'accepted', subscribers, places: fromWirePlaces(cursor), notFed: notFed.map(fromWireNotFed) };
    }
    case 'entries': {
      const { parts, live } = frame.value;
      const [[origin, through] = ['', undefined]] = fromWirePlaces([required(frame.value.through, 'through')]);
      return {
        kind: 'entries',
        origin,
        parts: fromWireParts(parts),
        through: required(through, 'through'),
        live,
        bytes: 0,
      };
    }
    case 'caughtUp':
      return { kind: 'caught-up', places: fromWirePlaces(frame.value.cursor) };
    case 'heartbeat':
      return { kind: 'heartbeat', places: fromWirePlaces(frame.value.cursor) };
    case 'gap':
      return { kind: 'gap', gap: fromWireGap(frame.value) };
    case undefined:
      return undefined;
  }
}

function fromWireNotFed({ id, name, reason, sinceMs }: WireNotFed): NotFed {
  fromId(id, 'notFed');
  return {
    peer: id,
    name: shortText(name, 'notFed', reasonCharacters),
    reason: shortText(reason, 'notFed', reasonCharacters),
    sinceMs: toDateMs(sinceMs, 'since'),
  };
}
