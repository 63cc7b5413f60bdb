import type { Database } from 'better-sqlite3';

interface WalState {
  readonly log: number;
  readonly checkpointed: number;
}

/** 16 MiB of 4 KiB pages: rarely enough that pages written often are copied once, often enough that readers find theirs. */
const pagesUnderLoad = 4096;
/** 256 MiB: from here on the writer waits for readers to let go of the log, so that it begins anew. */
const pagesAtMost = 65_536;

/** Brings the write-ahead log into the database file, and says what went wrong, which SQLite by itself would not. */
export class Checkpoints {
  private readonly state;
  private readonly passive;
  private readonly restart;

  constructor(private readonly database: Database) {
    this.state = database.prepare<[], WalState>('PRAGMA wal_checkpoint(NOOP)');
    this.passive = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    this.restart = database.prepare('PRAGMA wal_checkpoint(RESTART)');
  }

  /** @throws what SQLite throws. */
  maybe(): void {
    const { log = 0, checkpointed = 0 } = this.state.get() ?? {};
    if (log > pagesAtMost) this.restart.get();
    else if (log - checkpointed > pagesUnderLoad) this.passive.get();
  }

  /** Copies everything and empties the log. */
  finish(): void {
    this.database.pragma('wal_checkpoint(TRUNCATE)');
  }
}
