import pg from 'pg';
import { MootError } from '../../core/errors.js';
import { type Ask, connectionTo } from './database.js';
import { isOtherShape, namedError, toMootError } from './postgres-error.js';
import { namedAddress, type PostgresAddress } from './postgres-url.js';

/** Counting what millions of rows hold takes a while, and stands in nobody's way. */
const statementMs = 120_000;
const lockMs = 2000;

/** One connection that cannot change anything. */
export class ReadOnly {
  private constructor(
    readonly address: PostgresAddress,
    private readonly client: pg.Client,
  ) {}

  /** @throws MootError saying which database cannot be reached, why, and what to do. */
  static async connect(address: PostgresAddress): Promise<ReadOnly> {
    const client = new pg.Client({
      ...connectionTo(address),
      statement_timeout: statementMs,
      lock_timeout: lockMs,
      query_timeout: statementMs + lockMs,
    });
    // One that is lost between two questions: the next one is told.
    client.on('error', () => undefined);
    const reader = new ReadOnly(address, client);
    await client.connect().catch((error: unknown) => {
      throw reader.said(error);
    });
    return reader;
  }

  /** What `run` asks it asks of one view of the database, however others go on writing. @throws MootError. */
  async view<Result>(run: (ask: Ask) => Promise<Result>): Promise<Result> {
    const { client } = this;
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return await run(async <Row extends object>(sql: string, values: readonly unknown[] = []) => {
        const { rows } = await client.query<Row>(sql, [...values]);
        return rows;
      });
    } catch (error) {
      throw this.said(error);
    } finally {
      await client.query('ROLLBACK').catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  /** What is asked here is sound SQL: where PostgreSQL does not know a table or a column, it is not what it was. */
  private said(error: unknown): unknown {
    const name = namedAddress(this.address);
    if (isOtherShape(error))
      return new MootError('damaged', `${name} lacks a table or a column that moot has made`, { cause: error });
    return namedError(toMootError(error), name);
  }
}
