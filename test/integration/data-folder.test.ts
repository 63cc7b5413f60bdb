import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openDataFolder } from '../../src/store/data-folder.js';
import { temporaryFolder } from '../support/temporary.js';

const root = temporaryFolder();

describe('a data folder', () => {
  it('S0.2 keeps one identity and one operator token over restarts, for its owner alone', () => {
    const dir = join(root, 'kept', 'below');
    const first = openDataFolder(dir);
    first.close();
    const second = openDataFolder(dir);
    second.close();
    expect(second.identity.id).toBe(first.identity.id);
    expect(second.operatorToken).toBe(first.operatorToken);
    expect(second.databaseFile).toBe(join(dir, 'moot.db'));
    const mode = (file: string): number => statSync(join(dir, file)).mode & 0o777;
    expect([mode('.'), mode('identity.pem'), mode('operator.token')]).toEqual([0o700, 0o600, 0o600]);
    expect(readdirSync(dir).sort()).toEqual(['identity.pem', 'lock', 'operator.token']);
  });

  it('takes its identity from another file, made when missing', () => {
    const identityFile = join(root, 'shared', 'id.pem');
    const [a, b] = ['a', 'b'].map((name) => openDataFolder(join(root, name), { identityFile }));
    expect(a?.identity.id).toBe(b?.identity.id);
    expect(readFileSync(identityFile, 'utf8')).toContain('PRIVATE KEY');
    a?.close();
    b?.close();
  });

  it('is refused while another process holds it, which is named, and free when that one is killed', async () => {
    const dir = join(root, 'held');
    const child = spawn('node', ['test/support/appender.mjs', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (!child.stdout) throw new Error('it has no output');
    await once(child.stdout, 'data');
    expect(() => openDataFolder(dir)).toThrow(
      expect.objectContaining({
        code: 'already_exists',
        message: `data folder ${dir} is in use by process ${child.pid}`,
        hint: expect.any(String),
      }),
    );
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    openDataFolder(dir).close();
  });

  it('is refused twice in one process', () => {
    const dir = join(root, 'twice');
    const folder = openDataFolder(dir);
    expect(() => openDataFolder(dir)).toThrow(expect.objectContaining({ code: 'already_exists' }));
    folder.close();
    openDataFolder(dir).close();
  });

  it('says what is wrong with it, and is not held afterwards', () => {
    const file = join(root, 'a-file');
    writeFileSync(file, 'x');
    const wrong = (code: string, dir: string, said: RegExp): void =>
      expect(() => openDataFolder(dir)).toThrow(
        expect.objectContaining({ code, message: expect.stringMatching(said), hint: expect.any(String) }),
      );
    wrong('unavailable', file, /a file is in its place/);
    wrong('unavailable', join(file, 'below'), /a file is in its place/);
    wrong('unavailable', '/proc/moot', /cannot be used/);
    const dir = join(root, 'damaged');
    mkdirSync(dir);
    writeFileSync(join(dir, 'identity.pem'), 'nothing');
    wrong('damaged', dir, /identity\.pem holds no identity/);
    wrong('damaged', dir, /identity\.pem holds no identity/);
    const tokenless = join(root, 'tokenless');
    mkdirSync(tokenless);
    writeFileSync(join(tokenless, 'operator.token'), '');
    wrong('damaged', tokenless, /operator\.token holds no token/);
  });
});
