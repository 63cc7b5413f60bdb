import { emitKeypressEvents } from 'node:readline';
import { systemClock } from '../../core/clock.js';
import { exit } from '../failure.js';
import type { TerminalStreams } from '../io.js';
import type { Session } from '../session.js';
import type { NetworkView } from './network-view.js';
import { Screen } from './screen.js';
import { type Order, orders, roomFor, topLines } from './top-lines.js';
import { watchNetwork } from './watching.js';

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** Many changes in a row are drawn as one. */
const togetherMs = 100;
const everyMs = 1000;

/** The network on the whole terminal, drawn anew as it changes and each second: rates fall while nothing happens. */
export async function runTop(session: Session, { input, output }: TerminalStreams): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([session.signal, ended.signal]);
  const moot = await session.moot();
  const screen = new Screen(output);
  const place = { order: 'r' as Order, isReversed: false, offset: 0 };
  let isInterrupted = false;
  let due: (() => void) | undefined;
  const draw = (view: NetworkView): void => {
    due?.();
    due = systemClock.after(everyMs, () => draw(view));
    if (!signal.aborted) screen.draw(linesOf(view, place, screen));
  };
  const soon = (): void => {
    soonest ??= systemClock.after(togetherMs, () => {
      soonest = undefined;
      draw(watching.view);
    });
  };
  let soonest: (() => void) | undefined;
  const onKey = (_: unknown, key: Key | undefined): void => {
    if (key?.ctrl === true && key.name === 'c') isInterrupted = true;
    if (isInterrupted || key?.name === 'q') ended.abort();
    else if (key?.ctrl !== true && move(place, key?.name, screen.rows)) draw(watching.view);
  };
  const onEnd = (): void => {
    isInterrupted = true;
    ended.abort();
  };
  const onResize = (): void => draw(watching.view);
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.on('keypress', onKey);
  input.on('end', onEnd);
  output.on('resize', onResize);
  input.resume();
  const watching = watchNetwork(moot, session.settings.registries, systemClock, signal, soon);
  try {
    draw(watching.view);
    await watching.over;
  } finally {
    ended.abort();
    due?.();
    soonest?.();
    input.off('keypress', onKey);
    input.off('end', onEnd);
    output.off('resize', onResize);
    input.setRawMode(false);
    input.pause();
    screen.close();
  }
  if (!isInterrupted && !session.signal.aborted) return;
  session.status = exit.interrupted;
  await session.complain('interrupted\n');
}

type Place = { order: Order; isReversed: boolean; offset: number };

/** Obeys a key. @returns false when it means nothing here. */
function move(place: Place, name: string | undefined, rows: number): boolean {
  const steps: Readonly<Record<string, number>> = {
    up: -1,
    down: 1,
    k: -1,
    j: 1,
    pageup: -roomFor(rows),
    pagedown: roomFor(rows),
    home: Number.NEGATIVE_INFINITY,
  };
  const step = steps[name ?? ''];
  if (step !== undefined) place.offset = Math.max(0, place.offset + step);
  else if (name !== undefined && Object.hasOwn(orders, name)) {
    place.isReversed = place.order === name && !place.isReversed;
    place.order = name as Order;
    place.offset = 0;
  } else return false;
  return true;
}

function linesOf(view: NetworkView, place: Place, { columns, rows }: Screen): readonly string[] {
  const servers = view.servers(systemClock.monotonic());
  place.offset = Math.min(place.offset, Math.max(0, servers.length - roomFor(rows)));
  const time = new Date().toTimeString().slice(0, 8);
  return topLines({ ...place, servers, registries: view.registries, columns, rows, time });
}
