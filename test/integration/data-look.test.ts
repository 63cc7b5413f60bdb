import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { lookAtData } from '../../src/app/look-at-data.js';
import { checkData } from '../../src/cli/doctor/data.js';
import { sha256 } from '../../src/identity/hash.js';
import { openDataFolder } from '../../src/store/data-folder.js';
import { checkLogs } from '../../src/store/sqlite/log-check.js';
import { fillDatabase } from '../support/filled-database.js';
import { temporaryFolder } from '../support/temporary.js';

const root = temporaryFolder();
const whole = join(root, 'whole');
const copy = join(root, 'copy', 'moot.db');
const entries = 55;

beforeAll(() => {
  const { identity, databaseFile, close } = openDataFolder(whole);
  fillDatabase(databaseFile, identity, 10);
  close();
  mkdirSync(join(root, 'copy'), { mode: 0o700 });
});

/** What is in a folder, and when it was last written. */
function inside(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => {
    const { mtimeMs, ctimeMs } = statSync(join(folder, name));
    return `${name} ${mtimeMs} ${ctimeMs} ${sha256(readFileSync(join(folder, name))).toString('hex')}`;
  });
}

function mutate(...statements: readonly string[]): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
  copyFileSync(join(whole, 'moot.db'), copy);
  const database = new Sqlite(copy);
  for (const sql of statements) database.exec(sql);
  database.close();
}

const checks = (folder: string) => [...checkData(lookAtData(folder))];
const failures = () =>
  checks(join(root, 'copy')).filter(({ check, status }) => status === 'FAIL' && check !== 'identity');

describe('a look at a data folder', () => {
  it('finds a whole one whole, and leaves no trace in it', () => {
    const before = inside(whole);
    const found = checks(whole);
    expect(found.map(({ status }) => status)).toEqual(found.map(() => 'ok'));
    expect(found.map(({ detail }) => detail)).toContain(`10 seals over ${entries} entries, all checked`);
    expect(inside(whole)).toEqual(before);
  });

  it('takes what was retracted or hidden for whole: its place and its hash are there', () => {
    mutate(
      'UPDATE entries SET bytes = NULL, gone = 1 WHERE seq = 7',
      'UPDATE entries SET bytes = NULL, gone = 2 WHERE seq = 8',
    );
    expect(failures()).toEqual([]);
  });

  it('sees what a killed process left in its log, and who that was', async () => {
    const dir = join(root, 'killed');
    const child = spawn('node', ['test/support/appender.mjs', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (!child.stdout) throw new Error('it has no output');
    let said = '';
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.split('\n').length > 20) break;
    }
    const folder = lookAtData(dir);
    expect(folder.lock()).toEqual({ isHeld: true, pid: child.pid, isAlive: true });
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const before = inside(dir);
    expect(folder.lock()).toEqual({ isHeld: false, pid: child.pid, isAlive: false });
    const database = folder.database();
    const { endsAt, sealedTo } = database.contents();
    database.close();
    expect([endsAt > 15, endsAt]).toEqual([true, sealedTo]);
    expect(inside(dir)).toEqual(before);
    openDataFolder(dir).close();
  });

  it.each([
    ['text altered', /entry 7 /, "UPDATE entries SET bytes = cast(replace(bytes, x'61', x'62') AS BLOB) WHERE seq = 7"],
    ['an id altered', /entry 7 /, 'UPDATE entries SET id = zeroblob(32) WHERE seq = 7'],
    ['an entry gone', /entry 30 /, 'DELETE FROM entries WHERE seq = 30'],
    ['the last entry gone', /ends at entry 54, its last seal at 55/, `DELETE FROM entries WHERE seq = ${entries}`],
    ['a commit gone', /begins at entry 4 /, 'DELETE FROM commits WHERE first_seq = 4'],
    ['the last commit gone', /ends at entry 55, its last seal at 45/, 'DELETE FROM commits WHERE first_seq = 46'],
    ['a commit cut short', /from entry 46 on/, 'UPDATE commits SET size = size - 1 WHERE first_seq = 46'],
    ['a commit without end', /from entry 46 on/, 'UPDATE commits SET size = 1e12 WHERE first_seq = 46'],
    ['a root altered', /from entry 4 on/, 'UPDATE commits SET root = zeroblob(32) WHERE first_seq = 4'],
    ['a chain altered', /from entry 4 on/, 'UPDATE commits SET previous = zeroblob(32) WHERE first_seq = 4'],
    ['a signature altered', /from entry 4 on/, 'UPDATE commits SET signature = zeroblob(64) WHERE first_seq = 4'],
    ['a newer format', /format 99/, 'PRAGMA user_version = 99'],
    ['other tables', /tables/, 'DROP INDEX entries_by_date'],
  ])('S0.13 says where it is damaged, with %s', (_, where, sql) => {
    mutate(sql);
    const found = failures();
    expect(found.map(({ detail }) => detail).join('\n')).toMatch(where);
    expect(found.every(({ code }) => code === 'damaged')).toBe(true);
    expect(found.at(-1)?.hint).toEqual(expect.any(String));
  });

  it('S0.13 of a long log follows every seal and reads a part, both ends in it', () => {
    const sample = (...statements: readonly string[]) => {
      mutate(...statements);
      const database = new Sqlite(copy, { readonly: true });
      try {
        return checkLogs(database, { most: 5, atEnds: 2 });
      } finally {
        database.close();
      }
    };
    const alter = (seq: number) => `UPDATE entries SET bytes = zeroblob(9) WHERE seq = ${seq}`;
    const { faults, ...read } = sample();
    expect(read).toEqual({ commits: 10, entries, commitsRead: 4, entriesRead: 1 + 2 + 9 + 10 });
    expect(faults).toEqual([]);
    for (const seq of [1, 2, entries - 12, entries])
      expect(sample(alter(seq)).faults).toEqual([`entry ${seq} is not what was sealed`]);
    expect(sample(alter(20)).faults).toEqual([]);
    expect(sample('UPDATE commits SET previous = root WHERE first_seq = 16').faults).toHaveLength(2);
  });

  it('warns of a database that is empty or of another journal mode, and takes a foreign file for damage', () => {
    const found = () => checks(join(root, 'copy')).filter(({ check }) => ['database', 'journal'].includes(check));
    mutate('PRAGMA journal_mode = delete');
    expect(found()).toMatchObject([{ status: 'ok' }, { check: 'journal', status: 'warning' }]);
    writeFileSync(copy, '');
    expect(found()).toMatchObject([{ check: 'database', status: 'warning', detail: 'moot.db is empty' }]);
    writeFileSync(copy, 'this is a text, and has been one for long');
    expect(found()).toMatchObject([
      { status: 'FAIL', code: 'damaged', detail: expect.stringContaining('no database') },
    ]);
    rmSync(copy);
    new Sqlite(copy).exec('CREATE TABLE theirs (x)').close();
    expect(found()).toMatchObject([{ status: 'FAIL', code: 'damaged', detail: expect.stringContaining('another') }]);
  });

  it('ends in a sentence, whichever bits were flipped and wherever the file was cut', () => {
    const bytes = readFileSync(join(whole, 'moot.db'));
    let damaged = 0;
    const bits = fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(bits, fc.option(fc.nat(bytes.length - 1), { freq: 3 }), (flipped, length) => {
        const changed = Buffer.from(bytes);
        for (const bit of flipped) changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        writeFileSync(copy, changed);
        if (length !== null) truncateSync(copy, length);
        if (failures().length > 0) damaged += 1;
      }),
      // The example damages the format of the index of words.
      { numRuns: 100, seed: 20261121, examples: [[[851904, 192], null]] },
    );
    expect(damaged).toBeGreaterThan(50);
  });
});
