import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import Sqlite from 'better-sqlite3';
import { decodeEntry } from '../../src/core/entry-codec.js';
import { toId } from '../../src/core/ids.js';

/** Publishers in processes of their own, and what this process has seen acknowledged. */
export class Publishing {
  /** Draft → id. */
  readonly acked = new Map<string, string>();
  readonly repeated: string[] = [];
  private readonly children: ChildProcess[] = [];

  start(address: string, name: string): void {
    const args = ['test/support/publisher.mjs', address, name];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface(child.stdout).on('line', (line) => {
      const [who, n, id = ''] = line.split(' ');
      const draft = `${who} ${n}`;
      if (this.acked.has(draft)) this.repeated.push(draft);
      this.acked.set(draft, id);
    });
    this.children.push(child);
  }

  /** Resolves once `more` further acknowledgements have been noted. */
  async noted(more: number): Promise<void> {
    const goal = this.acked.size + more;
    while (this.acked.size < goal) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends the publishers; what they had printed is still noted. */
  async end(): Promise<void> {
    const open = this.children.filter((child) => child.exitCode === null && child.signalCode === null);
    await Promise.all(
      open.map((child) => {
        const closed = new Promise((resolve) => child.once('close', resolve));
        child.kill('SIGKILL');
        return closed;
      }),
    );
  }
}

/** What is stored, body and id, read past the program. */
export function storedBodies(file: string): [string, string][] {
  const database = new Sqlite(file, { readonly: true });
  try {
    const rows = database.prepare('SELECT id, bytes FROM entries').all() as { id: Buffer; bytes: Buffer }[];
    return rows.map(({ id, bytes }) => [decodeEntry(bytes).body, toId(id)]);
  } finally {
    database.close();
  }
}

/** The drafts that were acknowledged and are not stored as they were acknowledged. */
export function lostFrom(file: string, { acked }: Publishing): readonly string[] {
  const stored = new Map(storedBodies(file));
  return [...acked].filter(([draft, id]) => stored.get(draft) !== id).map(([draft]) => draft);
}
