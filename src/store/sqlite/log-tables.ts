import type { Database } from 'better-sqlite3';
import { Interned } from './interned.js';
import { logStatements } from './log-statements.js';
import { breaksTheDisk } from './sqlite-error.js';

/** What all that writes logs shares: the tables, the numbers of names, the next place, and one transaction at a time. */
export class LogTables {
  readonly sql;
  readonly origins: Interned;
  readonly topics: Interned;
  readonly authors: Interned;
  private readonly counts = new Map<number, Map<number, number>>();
  private readonly resumes: (() => void)[] = [];
  private last = 0;

  constructor(database: Database) {
    this.sql = logStatements(database);
    this.origins = new Interned(database, 'origins');
    this.topics = new Interned(database, 'topics');
    this.authors = new Interned(database, 'authors');
    this.onRollback(() => {
      for (const names of [this.origins, this.topics, this.authors]) names.forget();
      this.last = this.sql.lastPlace.get() ?? 0;
    });
  }

  /** The place of the last entry. */
  get lastPlace(): number {
    return this.last;
  }

  nextPlace(): number {
    this.last += 1;
    return this.last;
  }

  /** Runs `resume` now, and after each rollback: it brings back from the disk what its caller remembers of it. */
  onRollback(resume: () => void): void {
    this.resumes.push(resume);
    resume();
  }

  /** Counts articles of a topic, as soon as the transaction ends. */
  count(origin: number, topic: number, articles: number): void {
    let counts = this.counts.get(origin);
    if (!counts) {
      counts = new Map();
      this.counts.set(origin, counts);
    }
    counts.set(topic, (counts.get(topic) ?? 0) + articles);
  }

  /** @throws what `run` throws, or SQLite; nothing of it is then kept. */
  transaction<Result>(run: () => Result): Result {
    this.sql.begin.run();
    try {
      const result = run();
      for (const [origin, counts] of this.counts)
        for (const [topic, articles] of counts) this.sql.count.run(origin, topic, articles);
      this.sql.commit.run();
      return result;
    } catch (error) {
      this.rollBack(error);
      throw error;
    } finally {
      this.counts.clear();
    }
  }

  private rollBack(cause: unknown): void {
    try {
      this.sql.rollback.run();
    } catch {
      // SQLite has rolled back by itself.
    }
    if (breaksTheDisk(cause)) return;
    for (const resume of this.resumes) resume();
  }
}
