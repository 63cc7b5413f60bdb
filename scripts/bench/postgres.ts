import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import pg from 'pg';
import type { Submission } from '../../src/core/stores.js';
import { articles } from './store-articles.js';
import { median } from './support.js';

const server = process.env.MOOT_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const total = 32_768;
const callSize = 64;
const callsInFlight = 32;
const rowsAtOnce = 512;

export interface PostgresFigures {
  /** Articles appended to the same rows written by multi-row INSERT from plain code; median of the rounds. */
  readonly ratio: number;
  readonly loopDelayMs: number;
}

/** Appends articles to the store in PostgreSQL, and writes the same rows again by plain code into a copy of its table. */
export async function benchPostgres(rounds: number, say: (line: string) => void): Promise<PostgresFigures> {
  const built = new URL('../../dist/', import.meta.url);
  const { openStore } = (await import(
    new URL('store/open-store.js', built).href
  )) as typeof import('../../src/store/open-store.js');
  const { createIdentity } = (await import(
    new URL('identity/keys.js', built).href
  )) as typeof import('../../src/identity/keys.js');
  const figures: { store: number; plain: number }[] = [];
  const delays: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const schema = `bench_${randomBytes(6).toString('hex')}`;
    const client = new pg.Client({ connectionString: server, options: `-c search_path=${schema}` });
    await client.connect();
    try {
      const store = await openStore(`${server}?schema=${schema}`, { identity: createIdentity() });
      const source = articles();
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const began = performance.now();
      await append(store.articles.append.bind(store.articles), source);
      const took = performance.now() - began;
      delay.disable();
      delays.push(delay.percentile(99) / 1e6);
      await store.close();
      const plain = await writePlainly(client);
      figures.push({ store: (total * 1000) / took, plain });
      say(
        `postgres: ${Math.round((total * 1000) / took)} articles a second, plain ${Math.round(plain)}, event loop p99 ${delays.at(-1)?.toFixed(1)} ms`,
      );
    } finally {
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await client.end();
    }
  }
  return { ratio: median(figures.map(({ store, plain }) => store / plain)), loopDelayMs: median(delays) };
}

type Append = (submissions: readonly Submission[]) => Promise<unknown>;

async function append(appendAll: Append, source: Iterator<Submission>): Promise<void> {
  let left = total;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      const size = Math.min(callSize, left);
      left -= size;
      await appendAll(Array.from({ length: size }, () => source.next().value as Submission));
    }
  };
  await Promise.all(Array.from({ length: callsInFlight }, caller));
}

/** The rows that the store has written, by INSERT … VALUES into an empty table with the same columns and indexes. @returns rows a second. */
async function writePlainly(client: pg.Client): Promise<number> {
  await client.query('CREATE TABLE plain (LIKE entries INCLUDING ALL)');
  const { rows, fields } = await client.query<unknown[]>({ text: 'SELECT * FROM entries', rowMode: 'array' });
  const columns = fields.map(({ name }) => name);
  const began = performance.now();
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce);
    const places = some.map(
      (_, row) => `(${columns.map((__, column) => `$${row * columns.length + column + 1}`).join(', ')})`,
    );
    await client.query(`INSERT INTO plain (${columns.join(', ')}) VALUES ${places.join(', ')}`, some.flat());
  }
  return (rows.length * 1000) / (performance.now() - began);
}
