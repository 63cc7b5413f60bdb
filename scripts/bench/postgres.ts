import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { becomeMember } from './publish.js';
import { type Child, median, oneMember, spawnJson } from './support.js';

const postgres = process.env.MOOT_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const seconds = '4';
const inFlight = '64';
const articlesPerFrame = '50';
const rowsAtOnce = 512;

export interface PostgresFigures {
  /** Articles streamed to a server and acknowledged, to the same rows written by multi-row INSERT from plain code; median. */
  readonly ratio: number;
  readonly perSecond: number;
}

/** Streams articles to a server that keeps them in PostgreSQL, then writes the same rows by plain code, round by round. */
export async function benchPostgres(rounds: number, say: (line: string) => void): Promise<PostgresFigures> {
  const figures: { streamed: number; plain: number }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const schema = `bench_${randomBytes(6).toString('hex')}`;
    const client = new pg.Client({ connectionString: postgres, options: `-c search_path=${schema}` });
    await client.connect();
    try {
      const streamed = await stream(`${postgres}?schema=${schema}`);
      const plain = await writePlainly(client);
      figures.push({ streamed, plain });
      say(`postgres, round ${round} of ${rounds}: streamed ${Math.round(streamed)}/s, plain ${Math.round(plain)}/s`);
    } finally {
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await client.end();
    }
  }
  return {
    ratio: median(figures.map(({ streamed, plain }) => streamed / plain)),
    perSecond: median(figures.map(({ streamed }) => streamed)),
  };
}

async function stream(store: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'moot-bench-'));
  const children: Child[] = [];
  try {
    const args = [
      'dist/bin/moot.js',
      'server',
      '0',
      '--name',
      'Bench',
      '--data',
      join(folder, 'data'),
      '--store',
      store,
    ];
    const server = await spawnJson(
      'node',
      [...args, ...oneMember, '--registry', 'localhost:1', '--home', folder, '--json'],
      children,
    );
    const token = await becomeMember(String(server.address));
    const load = [
      'scripts/bench/load.ts',
      'stream',
      String(server.address),
      token,
      seconds,
      inFlight,
      articlesPerFrame,
    ];
    return Number((await spawnJson('tsx', load, [])).perSecond);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows that the server has written, by INSERT … VALUES into an empty table with the same columns and indexes. @returns rows a second. */
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
