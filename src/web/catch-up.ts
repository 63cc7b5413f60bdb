import type { SubscribeOptions } from '../client/index.js';
import { parseCursor, toCursorText } from '../core/cursor.js';
import type { OriginId } from '../core/ids.js';
import { comparePlaces, type LogPlace } from '../core/log.js';
import type { Handles } from './handles.js';
import { type Line, toLine, toTold } from './live-events.js';
import type { SharedStream } from './shared-stream.js';
import type { Own, SharedStreams, Wanted } from './shared-streams.js';

type Places = ReadonlyMap<OriginId, LogPlace>;

/** A subscription that is a reader's own, and where the shared stream was before it began. */
export interface CatchingUp extends Own {
  readonly number: number;
  readonly before: Places;
}

/** @throws whatever refuses it. */
export async function openOwn(
  streams: SharedStreams,
  shared: SharedStream,
  wanted: Wanted,
  from: SubscribeOptions['from'],
): Promise<CatchingUp> {
  const [number, before] = [shared.end, shared.places];
  return { ...(await streams.own(wanted, from)), number, before };
}

export interface CatchUpParts {
  readonly handles: Handles;
  readonly nameOf: (id: string) => string | undefined;
  write(line: Line): Promise<void>;
}

/**
 * Tells what a reader's own subscription has, until neither it nor the shared stream is behind the other: nothing is left out
 * there, and nothing told twice. @returns the number of the line to go on with; undefined when the subscription was closed.
 */
export async function catchUp(
  { subscription, events, ...begun }: CatchingUp,
  shared: SharedStream,
  { handles, nameOf, write }: CatchUpParts,
): Promise<number | undefined> {
  const marks = handles.begin(subscription.cursor);
  const told = new Map<OriginId, LogPlace>();
  let { number, before } = begun;
  let isCaughtUp = false;
  for (let next = await events.next(); !next.done; next = await events.next()) {
    if (next.value.type === 'caughtUp') isCaughtUp = true;
    else if (next.value.type === 'reconnecting') isCaughtUp = false;
    else if (next.value.type === 'heartbeat') marks.stay();
    const event = toTold(next.value, nameOf);
    if (event) await write(toLine(event, marks, () => subscription.cursor));
    if (event?.at) told.set(...event.at);
    if (!isCaughtUp || !shared.isLive) continue;
    const lines = shared.since(number);
    if (!lines) [number, before] = [shared.end, shared.places];
    const { places, start } = parseCursor(subscription.cursor);
    if (!lines || !covers(places, before) || !covers(shared.places, told)) continue;
    const reached = new Map(places);
    for (const { text, at } of lines) {
      if (!at || isReached(reached, at)) continue;
      reached.set(...at);
      const id = marks.moved(...at, () => toCursorText({ places: reached, start }));
      await write({ id, text: text.replace(/^id: .*\n/, `id: ${id}\n`), at });
    }
    return number + lines.length;
  }
  return undefined;
}

function covers(places: Places, others: Places): boolean {
  return [...others].every((at) => isReached(places, at));
}

function isReached(places: Places, [origin, place]: readonly [OriginId, LogPlace]): boolean {
  const known = places.get(origin);
  return known !== undefined && comparePlaces(known, place) >= 0;
}
