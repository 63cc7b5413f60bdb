import type { Description, Moot } from '../../client/index.js';
import { placeOf } from '../../core/address.js';
import { isMootError } from '../../core/errors.js';
import { checkDoor } from './certificate.js';
import type { Check } from './check.js';
import { type ClockSeen, checkClocks } from './clocks.js';
import type { Listed } from './registries.js';

/** How many are asked at once. */
const atOnce = 16;

/** Each server that is listed: whether it answers, as itself, and over what; then their clocks. */
export async function* checkServers(
  moot: Moot,
  listed: Iterable<Listed>,
  timeoutMs: number,
  now: () => number,
): AsyncGenerator<Check> {
  // Each replica by itself.
  const servers = [...listed].flatMap((server) =>
    (server.addresses ?? [server.address]).map((address) => ({ ...server, address })),
  );
  const clocks: ClockSeen[] = [];
  for (let at = 0; at < servers.length; at += atOnce) {
    const looks = await Promise.all(servers.slice(at, at + atOnce).map((server) => look(moot, server, timeoutMs, now)));
    for (const { checks, clock } of looks) {
      yield* checks;
      if (clock) clocks.push(clock);
    }
  }
  yield* checkClocks(clocks);
}

async function look(
  moot: Moot,
  server: Listed,
  timeoutMs: number,
  now: () => number,
): Promise<{ readonly checks: readonly Check[]; readonly clock: ClockSeen | undefined }> {
  const { name, address } = server;
  const checks: Check[] = [];
  for await (const check of checkDoor(name, address, timeoutMs, now)) checks.push(check);
  const place = placeOf(address);
  try {
    const askedMs = now();
    const { atMs } = await moot.describe(server);
    checks.unshift({ check: 'server', status: 'ok', detail: `${name} at ${place}` });
    return { checks, clock: clockOf(name, atMs, (askedMs + now()) / 2) };
  } catch (error) {
    checks.unshift(silent(server, error));
    return { checks, clock: undefined };
  }
}

function clockOf(name: string, atMs: Description['atMs'], hereMs: number): ClockSeen | undefined {
  return atMs === undefined ? undefined : { name, aheadMs: atMs - hereMs };
}

function silent({ name, address }: Listed, error: unknown): Check {
  if (!isMootError(error)) throw error;
  const { code, message } = error;
  const check = 'server';
  if (code === 'unavailable' || code === 'timed_out') {
    const detail = `${name} is listed at ${placeOf(address)}, and does not answer there`;
    return {
      check,
      status: 'FAIL',
      detail,
      hint: `start it; where it was stopped, it leaves the list by itself`,
      code,
    };
  }
  const hint = error.hint ?? 'moot servers, when the lease of the old one has ended';
  return { check, status: 'FAIL', detail: message, hint, code };
}
