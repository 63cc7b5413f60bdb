import { invalid } from '../../core/errors.js';

/** Where the tables of a community are. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Default: as the programs of PostgreSQL choose, by PGUSER or the login name. */
  readonly user: string | undefined;
  /** Default: PGPASSWORD. */
  readonly password: string | undefined;
  readonly schema: string;
  readonly tls: 'none' | 'unchecked' | 'checked';
}

const how = 'write it as postgres://USER@HOST:PORT/DATABASE, with ?schema=NAME where communities share a database';
const tlsModes: Readonly<Record<string, PostgresAddress['tls']>> = {
  disable: 'none',
  require: 'unchecked',
  'verify-full': 'checked',
};

export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:/i.test(url);
}

/** @throws MootError `invalid` naming `store`. */
export function parsePostgresUrl(url: string): PostgresAddress {
  const parsed = toUrl(url);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (database === '' || database.includes('/')) throw invalid('store', 'the store names no database', how);
  const { schema = 'moot', sslmode = 'disable', ...others } = Object.fromEntries(parsed.searchParams);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw invalid('store', `the store has "${unknown}", which moot does not know`, 'schema and sslmode are known');
  // What needs no quotes: whoever looks in with psql need not know that there are any.
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema) || schema.startsWith('pg_'))
    throw invalid('store', `"${schema}" is no name for a schema here`, 'use a-z, 0-9 and _, at most 63, not pg_…');
  const tls = tlsModes[sslmode];
  if (tls === undefined)
    throw invalid('store', `sslmode "${sslmode}" is not known`, 'it is disable, require or verify-full');
  return {
    host: parsed.hostname === '' ? 'localhost' : parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 5432 : Number(parsed.port),
    database,
    user: parsed.username === '' ? undefined : decodeURIComponent(parsed.username),
    password: parsed.password === '' ? undefined : decodeURIComponent(parsed.password),
    schema,
    tls,
  };
}

/** How people call it: without the password. */
export function namedAddress({ host, port, database, schema }: PostgresAddress): string {
  return `database "${database}" (schema ${schema}) at ${host}:${port}`;
}

function toUrl(url: string): URL {
  try {
    return new URL(url.replace(/^postgres(ql)?:/i, 'postgres:'));
  } catch {
    // Not its text: it may hold a password.
    throw invalid('store', 'the store is no address of PostgreSQL', how);
  }
}
