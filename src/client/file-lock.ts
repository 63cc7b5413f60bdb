import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { type Clock, sleep } from '../core/clock.js';
import { MootError, systemCode } from '../core/errors.js';

// What the lock covers is one small write, which takes milliseconds: a lock this old was left by a process that was killed.
const staleMs = 3000;
const retryMs = 15;
const patienceMs = 10_000;

/**
 * Runs `work` while no other process runs its own under the same lock file.
 * @throws MootError `unavailable` when the lock cannot be had within 10 s.
 */
export async function withLock<T>(path: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const mark = randomUUID();
  await take(path, mark, clock);
  try {
    return await work();
  } finally {
    // Whoever was stopped for so long that its lock was taken as stale must not let go of another one's.
    const holder = await readFile(path, 'utf8').catch(() => undefined);
    if (holder === mark) await rm(path, { force: true });
  }
}

async function take(path: string, mark: string, clock: Clock): Promise<void> {
  const until = clock.monotonic() + patienceMs;
  while (!(await create(path, mark))) {
    await dropStale(path, clock);
    if (clock.monotonic() > until)
      throw new MootError('unavailable', `${path} is held by another process`, { hint: `rm ${path}` });
    await sleep(clock, retryMs);
  }
}

async function create(path: string, mark: string): Promise<boolean> {
  try {
    await writeFile(path, mark, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moves it away first, so that of several who find it stale only one takes it from its place. */
async function dropStale(path: string, clock: Clock): Promise<void> {
  try {
    if (clock.now() - (await stat(path)).mtimeMs < staleMs) return;
    const aside = `${path}.${randomUUID()}`;
    await rename(path, aside);
    await rm(aside, { force: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
