import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../session.js';

/** A community, as much of it as completion needs. */
export interface KnownServer {
  readonly id: string;
  readonly name: string;
  readonly topics: readonly string[];
}

interface Kept {
  readonly atMs: number;
  readonly registries: readonly string[];
  readonly servers: readonly KnownServer[];
}

/** Somebody waits with a finger on the key: no longer than this. */
const patienceMs = 700;
const freshMs = 60_000;

/**
 * The communities of the registries, from HOME/completion.json for a minute, and those we are members of, which are known
 * while no registry answers. Never rejects: without an answer there is less to offer.
 */
export async function knownServers(session: Session): Promise<readonly KnownServer[]> {
  const path = join(session.settings.home, 'completion.json');
  const kept = await readKept(path, session.settings.registries);
  if (kept) return kept;
  try {
    const moot = await session.moot();
    const [listed, joined] = await Promise.all([
      moot.servers({}, { timeoutMs: patienceMs, signal: session.signal }).catch(() => undefined),
      moot.memberships(),
    ]);
    const members = joined.map(({ id, name }) => ({ id, name, topics: [] }));
    if (!listed) return members;
    const found = listed.map(({ id, name, topics }) => ({ id, name, topics }));
    const servers = [...found, ...members.filter(({ id }) => !found.some((one) => one.id === id))];
    await keep(path, { atMs: Date.now(), registries: session.settings.registries, servers }).catch(() => undefined);
    return servers;
  } catch {
    return [];
  }
}

async function readKept(path: string, registries: readonly string[]): Promise<readonly KnownServer[] | undefined> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as Kept;
    const ageMs = Date.now() - kept.atMs;
    const isOurs = ageMs >= 0 && ageMs < freshMs && kept.registries.join() === registries.join();
    return isOurs ? kept.servers : undefined;
  } catch {
    return undefined;
  }
}

async function keep(path: string, kept: Kept): Promise<void> {
  const { replaceFile } = await import('../../client/replace-file.js');
  await replaceFile(path, JSON.stringify(kept));
}
