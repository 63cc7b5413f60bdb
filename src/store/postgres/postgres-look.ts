import { MootError } from '../../core/errors.js';
import { replicaLeases, replicaMs } from '../../core/leases.js';
import type { Gap } from '../../core/log.js';
import { restoredSetting } from '../../core/stores.js';
import { readKeyLine } from '../../identity/key-line.js';
import { lineAfter } from '../../identity/rotate-key.js';
import type { LogCheck } from '../log-check.js';
import type { DatabaseContents } from '../sqlite/database-look.js';
import { type SealRow, toSeal } from '../sqlite/seal-row.js';
import type { Ask } from './database.js';
import { checkLogs } from './log-check.js';
import { formatOf, hasTables, newestFormat } from './migrations.js';
import { namedAddress, parsePostgresUrl } from './postgres-url.js';
import { ReadOnly } from './read-only.js';

/** How PostgreSQL itself stands. */
export interface PostgresServer {
  readonly version: string;
  /** What the tables of the community take, indexes included. */
  readonly bytes: number;
  /** Settings on which an acknowledgement relies, as the connections of moot have them: `on`, or what they are. */
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  /** It follows another server, and takes no writes. */
  readonly isStandby: boolean;
  /** Its clock. */
  readonly nowMs: number;
}

/** How the tables of the community stand. */
export interface PostgresTables {
  readonly format: number;
  /** That of this version of moot; the next start brings an older one up to it. */
  readonly newestFormat: number;
  /** A move into it was begun, and not finished. */
  readonly isMoving: boolean;
}

export interface PostgresContents extends DatabaseContents {
  /** It was put back from a copy, and not started since. */
  readonly isRestored: boolean;
  /** How often the key was replaced, by the end of the own log. */
  readonly rotations: number;
}

export interface ReplicaSeen {
  readonly address: string;
  /** Since it last said that it is there. */
  readonly agoMs: number;
  /** Its lease is not over. */
  readonly isThere: boolean;
}

/** A community in PostgreSQL, seen without changing anything: all is asked in transactions that can only read. */
export class PostgresLook {
  private constructor(private readonly reader: ReadOnly) {}

  /** @throws MootError saying what is wrong with the address, the way there or the rights, and what to do. */
  static async open(url: string): Promise<PostgresLook> {
    return new PostgresLook(await ReadOnly.connect(parsePostgresUrl(url)));
  }

  /** Which database it is, for people. */
  get name(): string {
    return namedAddress(this.reader.address);
  }

  /** @throws MootError, as all that follow do. */
  server(): Promise<PostgresServer> {
    return this.reader.view(async (ask) => {
      const [found] = await ask<PostgresServer>(
        `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
           current_setting('full_page_writes') AS "fullPageWrites",
           current_setting('synchronous_commit') AS "synchronousCommit", pg_is_in_recovery() AS "isStandby",
           (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = $1 AND relkind = 'r') AS bytes,
           (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"`,
        [this.reader.address.schema],
      );
      return found as PostgresServer;
    });
  }

  /** Undefined where no community has begun. @throws MootError `damaged` for tables of a newer version or another program. */
  tables(): Promise<PostgresTables | undefined> {
    return this.reader.view(async (ask) => {
      const { address } = this.reader;
      if (!(await hasTables(ask, address))) return await requireNone(ask, address.schema);
      const format = await formatOf(ask, address);
      const moving = await ask("SELECT 1 AS one FROM meta WHERE name = 'moving'");
      return { format, newestFormat, isMoving: moving.length > 0 };
    });
  }

  /** Of tables of the newest format, as all that follows. */
  contents(): Promise<PostgresContents> {
    return this.reader.view(async (ask) => {
      const [own] = await ask<{ value: string }>("SELECT value FROM meta WHERE name = 'own'");
      const [restored] = await ask<{ value: string }>('SELECT value FROM settings WHERE key = $1', [restoredSetting]);
      const [last] = await ask<SealRow & { origin: number; entry: Uint8Array | null }>(
        `SELECT c.origin, c.epoch, c.first_seq AS "firstSeq", size, root, previous, public_key AS "publicKey", signature,
           e.bytes AS entry
         FROM commits c JOIN origins ON number = c.origin
           LEFT JOIN entries e ON e.origin = c.origin AND e.epoch = c.epoch AND e.seq = c.first_seq
         WHERE name = $1 ORDER BY c.epoch DESC, c.first_seq DESC LIMIT 1`,
        [own?.value ?? ''],
      );
      const [counts] = await ask<Pick<PostgresContents, 'articles' | 'members' | 'endsAt'>>(
        `SELECT (SELECT count(*) FROM entries WHERE kind = 1 AND bytes IS NOT NULL) AS articles,
           (SELECT count(*) FROM members WHERE left_at IS NULL) AS members,
           (SELECT coalesce(max(seq), 0) FROM entries WHERE origin = $1 AND epoch = $2) AS "endsAt"`,
        [last?.origin ?? 0, last?.epoch ?? 1],
      );
      const { articles = 0, members = 0, endsAt = 0 } = counts ?? {};
      const isRestored = (restored?.value ?? '') !== '';
      const sealedTo = last ? last.firstSeq + last.size - 1 : 0;
      const rotations = last ? rotationsAfter(own?.value ?? '', last) : 0;
      return { own: own?.value, articles, members, endsAt, sealedTo, isRestored, rotations };
    });
  }

  /** What mirrors lack, and could be had nowhere. */
  gaps(): Promise<readonly Gap[]> {
    return this.reader.view((ask) =>
      ask<Gap>(
        `SELECT name AS origin, epoch, from_seq AS "fromSeq", to_seq AS "toSeq", reason
         FROM gaps JOIN origins ON number = origin ORDER BY name, epoch, from_seq`,
      ),
    );
  }

  log(): Promise<LogCheck> {
    return this.reader.view((ask) => checkLogs(ask));
  }

  /** Those that are there, and those that were killed, by the clock of the database; the last one that said so first. */
  replicas(): Promise<readonly ReplicaSeen[]> {
    return this.reader.view((ask) =>
      ask<ReplicaSeen>(
        `SELECT holder AS address, until > clock_timestamp() AS "isThere",
           greatest(0, (extract(epoch FROM clock_timestamp() - until) * 1000)::float8 + $2) AS "agoMs"
         FROM leases WHERE left(name, length($1)) = $1 ORDER BY until DESC, name`,
        [replicaLeases, replicaMs],
      ),
    );
  }

  close(): Promise<void> {
    return this.reader.close();
  }
}

/** Tables that this user has no right to are not listed for it. @throws MootError `denied` where there are such. */
async function requireNone(ask: Ask, schema: string): Promise<undefined> {
  const sql = `SELECT 1 AS one FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = $1 AND relkind = 'r' LIMIT 1`;
  if ((await ask(sql, [schema])).length === 0) return undefined;
  throw new MootError('denied', 'this user of PostgreSQL may not see its tables', {
    field: 'store',
    hint: `GRANT USAGE ON SCHEMA ${schema} TO …; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO …`,
  });
}

function rotationsAfter(own: string, { entry, ...row }: SealRow & { readonly entry: Uint8Array | null }): number {
  const seal = toSeal(own, row);
  return readKeyLine(lineAfter(seal, entry ?? undefined))?.rotations.length ?? 0;
}
