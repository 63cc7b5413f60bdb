import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Database from 'better-sqlite3';
import { sha256 } from '../../src/identity/hash.js';
import { createIdentity } from '../../src/identity/keys.js';
import { Processes } from '../support/processes.js';

jest.setTimeout(60_000);

interface Fault {
  readonly fault: string;
  readonly plant: (folder: string) => void;
  /** 0: worth a warning. 1: something is wrong. 65: something is damaged. */
  readonly status: 0 | 1 | 65;
  /** The check that finds it, and what it says. */
  readonly check: string;
  readonly says: string | RegExp;
  readonly hint: string | RegExp;
}

const inDatabase =
  (...statements: readonly string[]) =>
  (folder: string): void => {
    const database = new Database(join(folder, 'moot.db'));
    for (const statement of statements) database.exec(statement);
    database.close();
  };
const written =
  (name: string, text: string) =>
  (folder: string): void =>
    writeFileSync(join(folder, name), text, { mode: 0o600 });
const gone =
  (name: string) =>
  (folder: string): void =>
    rmSync(join(folder, name));
const aFolder =
  (name: string) =>
  (folder: string): void => {
    rmSync(join(folder, name));
    mkdirSync(join(folder, name));
  };
const openToOthers =
  (name: string) =>
  (folder: string): void =>
    chmodSync(join(folder, name), 0o644);
const cutBy =
  (bytes: number) =>
  (folder: string): void =>
    truncateSync(join(folder, 'moot.db'), statSync(join(folder, 'moot.db')).size - bytes);

/** One byte of what was published, where SQLite has it; its pages are in order all the same. */
function alter(folder: string): void {
  const file = join(folder, 'moot.db');
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf('body number 6'); at >= 0; at = bytes.indexOf('body number 6', at)) bytes[at] = 66;
  writeFileSync(file, bytes);
}

const row = (
  fault: string,
  plant: Fault['plant'],
  status: Fault['status'],
  check: string,
  says: Fault['says'],
  hint: Fault['hint'],
): Fault => ({ fault, plant, status, check, says, hint });

const faults: readonly Fault[] = [
  row(
    'a folder that others read',
    (folder) => chmodSync(folder, 0o755),
    1,
    'data folder',
    'open to others',
    'chmod 700',
  ),
  row(
    'a mirror with a gap',
    inDatabase(
      "INSERT INTO origins (name) VALUES ('another')",
      "INSERT INTO gaps SELECT number, 1, 4, 6, 'nobody has them' FROM origins WHERE name = 'another'",
    ),
    0,
    'mirrors',
    'in the copy of another entries 4 to 6 are missing: nobody has them',
    'moot disconnect, then moot connect',
  ),
  row('no identity', gone('identity.pem'), 1, 'identity', 'there is no file', 'put back a copy'),
  row('an identity that is none', written('identity.pem', 'x'), 65, 'identity', 'holds no identity', 'put back a copy'),
  row(
    'an identity that is a folder',
    aFolder('identity.pem'),
    1,
    'identity',
    'cannot be read: a folder',
    /^move .*identity.pem away; put back a copy/,
  ),
  row('an identity that others read', openToOthers('identity.pem'), 1, 'identity', 'open to others', 'chmod 600'),
  row(
    'the identity of another community',
    written('identity.pem', createIdentity().privatePem),
    1,
    'contents',
    'of another community',
    'that belong together',
  ),
  row('no operator token', gone('operator.token'), 0, 'operator token', 'there is no file', 'the next start makes'),
  row('a token that is none', written('operator.token', 'x'), 65, 'operator token', 'holds no token', 'delete it'),
  row('a token that others read', openToOthers('operator.token'), 1, 'operator token', 'open to others', 'chmod 600'),
  row('no database', gone('moot.db'), 0, 'database', 'there is no file', 'put a copy back before the next start'),
  row('a database that is empty', written('moot.db', ''), 0, 'database', 'is empty', 'put a copy back before'),
  row('a database that is a text', written('moot.db', 'text '.repeat(99)), 65, 'database', 'no database', 'put a copy'),
  row('a database that lost its end', cutBy(5000), 65, 'database', /damaged|lost/, 'put a copy'),
  row(
    'a database of a newer version',
    inDatabase('PRAGMA user_version = 999'),
    65,
    'database',
    'format 999',
    'run the version of moot',
  ),
  row(
    'a database of another program',
    inDatabase('PRAGMA user_version = 0', 'ALTER TABLE meta RENAME TO theirs'),
    65,
    'database',
    /another program/,
    /./,
  ),
  row(
    'a journal that is not the one moot keeps',
    inDatabase('PRAGMA journal_mode = DELETE'),
    0,
    'journal',
    'delete',
    'the next start makes it wal',
  ),
  row('an article that was altered', alter, 65, 'seals', 'entry 7 is not what was sealed', 'put a copy'),
  row(
    'an article that is missing',
    inDatabase('DELETE FROM entries WHERE seq = 9'),
    65,
    'seals',
    '39 entries are stored, 40 are sealed',
    'put a copy',
  ),
  row(
    'a log without its end',
    inDatabase('DELETE FROM entries WHERE seq > 35'),
    65,
    'log',
    'ends at entry 35',
    'put a copy',
  ),
  row(
    'a seal whose signature is none',
    inDatabase('UPDATE commits SET signature = zeroblob(64)'),
    65,
    'seals',
    /signature|seal/,
    'put a copy',
  ),
];

const network = new Processes();
const whole = join(network.folder, 'Hamlet');

beforeAll(async () => {
  const server = await network.startServer('Hamlet');
  await network.ok('join', server.address, '--as', 'ada');
  const lines = Array.from({ length: 40 }, (_, at) => JSON.stringify({ topic: 'a.b', body: `the body number ${at}` }));
  expect(await network.here(['import', server.address, '-'], lines.join('\n'))).toMatchObject({ status: 0 });
  expect(await server.end()).toBe(0);
});
afterAll(() => network.close());

/** What is in each file of a folder. */
function inside(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => {
    const isFile = statSync(join(folder, name)).isFile();
    return `${name} ${isFile ? sha256(readFileSync(join(folder, name))).toString('hex') : 'folder'}`;
  });
}

describe('moot doctor --data names what is wrong with a data folder, and what to do', () => {
  it('finds nothing in one that is whole', async () => {
    const { status, lines } = await network.here(['doctor', '--data', whole, '--json']);
    expect({ status, found: lines.filter((line) => line.status !== 'ok') }).toEqual({ status: 0, found: [] });
  });

  it.each(faults)('$fault: status $status, by the check of the $check', async (planted) => {
    const copy = join(network.folder, `${faults.indexOf(planted)}`);
    cpSync(whole, copy, { recursive: true });
    planted.plant(copy);
    const before = inside(copy);
    const { status, lines, stderr } = await network.here(['doctor', '--data', copy, '--json']);
    const found = lines.filter((line) => line.status !== 'ok');
    expect({ status, stderr }).toEqual({ status: planted.status, stderr: '' });
    const first = found.filter(({ check }) => check === planted.check);
    expect(first[0]?.detail).toMatch(planted.says);
    expect(first.at(-1)?.hint).toMatch(planted.hint);
    expect(first[0]?.status).toBe(planted.status === 0 ? 'warning' : 'FAIL');
    expect(inside(copy)).toEqual(before);
  });
});
