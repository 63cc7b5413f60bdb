import { createHash } from 'node:crypto';
import pg from 'pg';
import { MootError } from '../../core/errors.js';
import { isConflict, isLost, toMootError } from './postgres-error.js';
import type { PostgresAddress } from './postgres-url.js';

/** A replica that stands still with a lock stops the others for so long (RELIABILITY of the network: replicas). */
const lockMs = 2000;
/** Past what the server gives a statement: then the way to it is cut, not the statement slow. */
const answerMs = 4000;
const connectMs = 3000;
/** Ten replicas stay under the 100 that PostgreSQL takes by default. */
const connections = 6;
/** How often something is tried that others stood in the way of. */
const attempts = 10;

/** Asks one thing. What is asked often is prepared once on each connection. */
export type Ask = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

/** A few connections to PostgreSQL, made when needed and made anew when lost. */
export class Database {
  private readonly pool: pg.Pool;
  private readonly names = new Map<string, string>();
  private closing: Promise<void> | undefined;

  constructor(readonly address: PostgresAddress) {
    this.pool = new pg.Pool({
      ...connectionTo(address),
      statement_timeout: lockMs,
      lock_timeout: lockMs,
      idle_in_transaction_session_timeout: lockMs,
      query_timeout: answerMs,
      max: connections,
      allowExitOnIdle: true,
    });
    // A connection that is lost while nobody uses it: the next who asks gets another one.
    this.pool.on('error', () => undefined);
    // And one that is lost in use, between two questions: the next one is told. Without a listener it would end this program.
    this.pool.on('connect', (connection) => void connection.on('error', () => undefined));
  }

  /** One question that changes nothing: it is asked again where a connection was lost. @throws MootError. */
  readonly read: Ask = async (sql, values) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(sql, values, true);
      } catch (error) {
        if (attempt >= 3 || !(isLost(error) || isConflict(error))) throw toMootError(error);
      }
    }
  };

  /** The same, planned anew each time: for questions whose best way depends on what is asked. */
  async plan<Row extends object>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    try {
      return await this.once(sql, values, false);
    } catch (error) {
      if (!isLost(error)) throw toMootError(error);
      return await this.once<Row>(sql, values, false).catch((again: unknown) => {
        throw toMootError(again);
      });
    }
  }

  /** One statement, once: whoever asks knows what a lost answer means. @throws as PostgreSQL says it, or MootError. */
  readonly write: Ask = async (sql, values) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(sql, values, true);
      } catch (error) {
        if (attempt >= attempts || !isConflict(error)) throw error;
      }
    }
  };

  /**
   * Statements that are done together. `run` may be called again, when somebody stood in the way.
   * @throws what `run` throws; MootError `unavailable` when the answer was lost.
   */
  async transaction<Result>(run: (ask: Ask) => Promise<Result>): Promise<Result> {
    try {
      return await this.together(run);
    } catch (error) {
      throw toMootError(error);
    }
  }

  /** The same for who knows what a lost answer means. @throws as PostgreSQL says it, or MootError. */
  async together<Result>(run: (ask: Ask) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      const connection = await this.connect();
      try {
        await connection.query('BEGIN');
        const result = await run((sql, values) => this.ask(connection, sql, values, true));
        await connection.query('COMMIT');
        connection.release();
        return result;
      } catch (error) {
        await leave(connection, error);
        if (attempt >= attempts || !isConflict(error)) throw error;
      }
    }
  }

  /** Several statements that make tables, outside of what bounds all others. */
  async migrate(run: (ask: Ask) => Promise<void>): Promise<void> {
    await this.transaction(async (ask) => {
      await ask('SET LOCAL statement_timeout = 0');
      await run(ask);
    });
  }

  close(): Promise<void> {
    this.closing ??= this.pool.end();
    return this.closing;
  }

  private async once<Row extends object>(
    sql: string,
    values: readonly unknown[] | undefined,
    isPrepared: boolean,
  ): Promise<Row[]> {
    const connection = await this.connect();
    try {
      const rows = await this.ask<Row>(connection, sql, values, isPrepared);
      connection.release();
      return rows;
    } catch (error) {
      connection.release(isLost(error));
      throw error;
    }
  }

  private async connect(): Promise<pg.PoolClient> {
    if (this.closing) throw new MootError('unavailable', 'the store is closed');
    try {
      return await this.pool.connect();
    } catch (error) {
      // Nothing was asked yet, so nothing can have been lost: not even for who looks for `isLost`.
      throw toMootError(error);
    }
  }

  private async ask<Row extends object>(
    connection: pg.PoolClient,
    sql: string,
    values: readonly unknown[] = [],
    isPrepared: boolean,
  ): Promise<Row[]> {
    const name = isPrepared && values.length > 0 ? { name: this.nameOf(sql) } : {};
    const { rows } = await connection.query<Row>({ ...name, text: sql, values: [...values] });
    return rows;
  }

  private nameOf(sql: string): string {
    let name = this.names.get(sql);
    if (name === undefined) {
      name = createHash('sha256').update(sql).digest('hex').slice(0, 20);
      this.names.set(sql, name);
    }
    return name;
  }
}

/** What every connection has in common. */
export function connectionTo({ host, port, database, user, password, schema, tls }: PostgresAddress): pg.ClientConfig {
  return {
    host,
    port,
    database,
    user,
    password,
    ssl: tls === 'none' ? false : { rejectUnauthorized: tls === 'checked' },
    options: `-c search_path=${schema} -c synchronous_commit=on`,
    application_name: 'moot',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  };
}

async function leave(connection: pg.PoolClient, cause: unknown): Promise<void> {
  if (isLost(cause)) return connection.release(true);
  try {
    await connection.query('ROLLBACK');
    connection.release();
  } catch {
    connection.release(true);
  }
}

const int8 = 20;

/** Whole numbers of 8 bytes come as text: JavaScript counts exactly to 2^53, and none of ours goes past that. */
function typeParser(type: number, format?: 'text' | 'binary'): unknown {
  return type === int8 && format !== 'binary' ? toNumber : pg.types.getTypeParser(type, format);
}

function toNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new MootError('damaged', `${text} is no number that moot has written`);
  return number;
}
