import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../core/clock.js';
import { MootError, systemCode } from '../core/errors.js';
import { withLock } from './file-lock.js';
import type { Membership, Memberships } from './memberships.js';
import { replaceFile } from './replace-file.js';

const membership = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  addresses: z.array(z.string()).optional(),
  memberId: z.string(),
  member: z.string(),
  token: z.string(),
  joinedAtMs: z.number(),
  isWaiting: z.boolean().optional(),
});
const content = z.object({ version: z.literal(1), memberships: z.array(membership) });

/** A temporary file this old was left by a process that was killed in the middle of writing. */
const leftoverMs = 60_000;

/**
 * Memberships in HOME/memberships.json (0600: it holds tokens). Each change is merged into what the file then holds, and the
 * file is replaced as a whole, so a reader never sees half of one.
 */
export class MembershipsFile implements Memberships {
  constructor(
    private readonly path: string,
    private readonly clock: Clock,
  ) {}

  /** @throws MootError `damaged` when the file is not one of ours; it is then left as it is. */
  async all(): Promise<readonly Membership[]> {
    const text = await readIfThere(this.path);
    if (text === undefined) return [];
    try {
      return content.parse(JSON.parse(text)).memberships;
    } catch (cause) {
      throw new MootError('damaged', `${this.path} cannot be read`, {
        cause,
        hint: `mv ${this.path} ${this.path}.damaged, then join again`,
      });
    }
  }

  async put(joined: Membership): Promise<void> {
    await this.change((kept) => [...kept.filter(({ id }) => id !== joined.id), joined]);
  }

  async remove(id: string): Promise<void> {
    await this.change((kept) => kept.filter((one) => one.id !== id));
  }

  private async change(edit: (kept: readonly Membership[]) => readonly Membership[]): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    await withLock(`${this.path}.lock`, this.clock, async () => {
      const memberships = edit(await this.all());
      await this.dropLeftovers();
      await replaceFile(this.path, `${JSON.stringify({ version: 1, memberships }, null, 2)}\n`);
    });
  }

  private async dropLeftovers(): Promise<void> {
    const folder = dirname(this.path);
    const leftover = /^memberships\.json\.[0-9a-f-]{36}\.tmp$/;
    for (const name of (await readdir(folder)).filter((entry) => leftover.test(entry))) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found && this.clock.now() - found.mtimeMs > leftoverMs) await rm(path, { force: true });
    }
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
