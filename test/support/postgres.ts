import { randomBytes } from 'node:crypto';
import { afterAll } from '@jest/globals';
import pg from 'pg';

/** Where tests find PostgreSQL. */
export const postgresServer = process.env.MOOT_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** False where nothing answers: that is said on stderr, and under CI=true is a failure. */
export const hasPostgres = await answers();

async function answers(): Promise<boolean> {
  const client = new pg.Client({ connectionString: postgresServer, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (cause) {
    const what = `the postgres: store needs PostgreSQL at ${postgresServer.replace(/:[^:@/]*@/, '@')}`;
    if (process.env.CI === 'true') throw new Error(`CI=true, but ${what}`, { cause });
    process.stderr.write(`SKIPPED: ${what}\n`);
    return false;
  }
}

/** One question, on a connection of its own. */
export async function askPostgres<Row extends object>(
  sql: string,
  values: unknown[] = [],
  server = postgresServer,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

export function schemaOf(url: string): string {
  return new URL(url).searchParams.get('schema') ?? '';
}

/** @returns what gives the address of an empty schema each time; all are dropped when the tests of the file are done. */
export function postgresSchemas(): () => string {
  const run = `test_${randomBytes(6).toString('hex')}`;
  let made = 0;
  afterAll(async () => {
    if (!hasPostgres || made === 0) return;
    for (let number = 1; number <= made; number += 1)
      await askPostgres(`DROP SCHEMA IF EXISTS ${run}_${number} CASCADE`);
  }, 120_000);
  return () => {
    made += 1;
    const url = new URL(postgresServer);
    url.searchParams.set('schema', `${run}_${made}`);
    return url.href;
  };
}
