import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { MootError, systemCode } from '../../core/errors.js';
import type { Gap } from '../../core/log.js';
import type { LogCheck } from '../log-check.js';
import { openForLooking, refuseShortFile } from './connection.js';
import { checkLogs } from './log-check.js';
import { formatOf, newestFormat, refuseOtherTables } from './migrations.js';
import { lastCommitOf } from './seal-row.js';
import { toMootError } from './sqlite-error.js';
import { type StandIn, standInFor } from './stand-in.js';

/** How a database stands. */
export interface DatabaseState {
  readonly format: number;
  /** That of this version of moot; the next start brings an older one up to it. */
  readonly newestFormat: number;
  readonly bytes: number;
  readonly journal: string;
  /** As every connection of moot has it: 2 is FULL. */
  readonly synchronous: number;
}

/** What is in it. */
export interface DatabaseContents {
  /** Whose log it is; undefined before the first start. */
  readonly own: string | undefined;
  readonly articles: number;
  readonly members: number;
  /** The last sequence number of the own log, and the one that its last seal covers. */
  readonly endsAt: number;
  readonly sealedTo: number;
}

/** A database, seen without changing anything: beside a server that uses it, and in a folder that cannot be written. */
export class DatabaseLook {
  private constructor(
    private readonly path: string,
    private readonly standIn: StandIn,
    private readonly database: Database,
  ) {}

  /** @throws MootError `not_found`, `damaged`, `full` or `unavailable`. */
  static open(path: string): DatabaseLook {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile())
      throw new MootError('not_found', `there is no file ${path}`);
    const standIn = asked(() => standInFor(path));
    try {
      return new DatabaseLook(path, standIn, openForLooking(standIn.file));
    } catch (error) {
      standIn.drop();
      throw error;
    }
  }

  /** One that nobody else knows of, in one file. @throws as `open` does. */
  static openOwn(path: string): DatabaseLook {
    return new DatabaseLook(path, { file: path, drop: () => undefined }, openForLooking(path));
  }

  /** @throws MootError `damaged` for a file of another program, of a newer version, or that has lost its end. */
  state(): DatabaseState {
    return asked(() => {
      const { database } = this;
      const format = formatOf(database);
      if (format === newestFormat) refuseOtherTables(database);
      const log = statSync(`${this.standIn.file}-wal`, { throwIfNoEntry: false });
      if (!log?.size) refuseShortFile(database, this.standIn.file);
      return {
        format,
        newestFormat,
        bytes: statSync(this.path).size,
        journal: String(database.pragma('journal_mode', { simple: true })),
        synchronous: Number(database.pragma('synchronous', { simple: true })),
      };
    });
  }

  /** What SQLite finds wrong with its pages; nothing when all is well. @throws MootError `damaged`. */
  problems(): readonly string[] {
    const found = asked(() => this.database.pragma('quick_check(20)') as { quick_check: string }[]);
    return found.map((row) => row.quick_check).filter((said) => said !== 'ok');
  }

  /** Of a database of the newest format. @throws MootError `damaged`. */
  contents(): DatabaseContents {
    const { database } = this;
    // One view: the log may grow meanwhile.
    const view = database.transaction((): DatabaseContents => {
      const number = (sql: string, ...values: number[]): number =>
        Number(
          database
            .prepare<number[], number>(sql)
            .pluck()
            .get(...values) ?? 0,
        );
      const own = database.prepare<[], string>("SELECT value FROM meta WHERE name = 'own'").pluck().get();
      const origin = number("SELECT number FROM origins JOIN meta ON value = origins.name WHERE meta.name = 'own'");
      const last = lastCommitOf(database).get(origin);
      return {
        own,
        articles: number('SELECT count(*) FROM entries WHERE kind = 1 AND bytes IS NOT NULL'),
        members: number('SELECT count(*) FROM members WHERE left_at IS NULL'),
        endsAt: number('SELECT max(seq) FROM entries WHERE origin = ? AND epoch = ?', origin, last?.epoch ?? 1),
        sealedTo: last ? Number(last.firstSeq) + Number(last.size) - 1 : 0,
      };
    });
    return asked(view);
  }

  /** What mirrors lack, and could be had nowhere. Of a database of the newest format. @throws MootError `damaged`. */
  gaps(): readonly Gap[] {
    const columns = 'name AS origin, epoch, from_seq AS fromSeq, to_seq AS toSeq, reason';
    const all = `SELECT ${columns} FROM gaps JOIN origins ON number = origin ORDER BY name, epoch, from_seq`;
    return asked(() => this.database.prepare<[], Gap>(all).all());
  }

  /** Of a database of the newest format. @throws MootError `damaged` when the log cannot be followed at all. */
  log(): LogCheck {
    return asked(() => checkLogs(this.database));
  }

  close(): void {
    this.database.close();
    this.standIn.drop();
  }
}

/** What is asked here is sound SQL: where SQLite calls it an error, a table is not what it was (its index of words, for one). */
function asked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (systemCode(error) !== 'SQLITE_ERROR') throw toMootError(error);
    throw new MootError('damaged', 'a table of the database is damaged', {
      cause: error,
      hint: 'stop the server and put a copy of moot.db in its place; keep the damaged one as well',
    });
  }
}
