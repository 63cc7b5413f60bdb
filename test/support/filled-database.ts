import { rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Identity } from '../../src/identity/keys.js';
import { createSealer } from '../../src/identity/seal.js';
import { openForWriting } from '../../src/store/sqlite/connection.js';
import { LogWriter } from '../../src/store/sqlite/log-writer.js';
import { WordIndex } from '../../src/store/sqlite/word-index.js';
import { draft, submission, topics } from './drafts.js';

/** Writes commits of 1, 2, 3 … articles into a new database file, indexes them, and closes it. */
export function fillDatabase(file: string, identity: Identity, commits: number): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  const database = openForWriting(file);
  const log = new LogWriter(database, createSealer(identity));
  for (let size = 1; size <= commits; size += 1) log.append(someDrafts(size));
  new WordIndex(database).fill(log.lastPlace, 1e6);
  finish(database);
}

export function someDrafts(size: number): Parameters<LogWriter['append']>[0] {
  return Array.from({ length: size }, (_, at) => {
    const one = draft(`article ${size} ${at} ${'text '.repeat(at * 3)}`, { topic: topics[at % topics.length] ?? 'z' });
    return { submission: submission(one, `${size}-${at}`), nowMs: 1000 + size };
  });
}

export function finish(database: Database): void {
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}
