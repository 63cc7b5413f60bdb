import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Membership } from '../../src/client/memberships.js';
import { MembershipsFile } from '../../src/client/memberships-file.js';
import { wakingClock } from '../../src/client/waking-clock.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moot-home-'));
  path = join(folder, 'home', 'memberships.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function membership(id: string): Membership {
  return {
    id,
    name: `name of ${id}`,
    address: 'localhost:1',
    memberId: 'm',
    member: 'ada',
    token: 't'.repeat(43),
    joinedAtMs: 5,
  };
}

const open = (): MembershipsFile => new MembershipsFile(path, wakingClock);
const ids = async (): Promise<string[]> => (await open().all()).map(({ id }) => id).sort();

/** A process that joins `count` communities, one after the other. */
function writer(prefix: string, count: number): { done: Promise<number | null>; kill: () => void } {
  const file = new URL('../../dist/client/memberships-file.js', `file://${join(process.cwd(), 'test/unit/')}`).href;
  const clock = new URL('waking-clock.js', file).href;
  const program = `
    const { MembershipsFile } = await import('${file}');
    const { wakingClock } = await import('${clock}');
    const memberships = new MembershipsFile('${path}', wakingClock);
    const more = ${JSON.stringify(membership(''))};
    for (let n = 0; n < ${count}; n += 1) await memberships.put({ ...more, id: '${prefix}' + n });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  return { done: new Promise((resolve) => child.once('exit', resolve)), kill: () => child.kill('SIGKILL') };
}

describe('memberships in a file', () => {
  it('S0.5 are kept between runs, one a community', async () => {
    await open().put(membership('a'));
    await open().put(membership('b'));
    await open().put({ ...membership('a'), member: 'grace' });
    expect(await ids()).toEqual(['a', 'b']);
    expect((await open().all()).find(({ id }) => id === 'a')?.member).toBe('grace');
    await open().remove('a');
    expect(await ids()).toEqual(['b']);
  });

  it('are for their owner alone: the file holds tokens', async () => {
    await open().put(membership('a'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'home')).mode & 0o777).toBe(0o700);
    chmodSync(path, 0o644);
    await open().put(membership('b'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('changes of several processes at once are merged', async () => {
    const writers = ['a', 'b', 'c'].map((prefix) => writer(prefix, 15));
    expect(await Promise.all(writers.map(({ done }) => done))).toEqual([0, 0, 0]);
    expect(await ids()).toHaveLength(45);
    expect(readdirSync(join(folder, 'home'))).toEqual(['memberships.json']);
  });

  it('a kill in the middle leaves a whole file, and the next one goes on', async () => {
    await open().put(membership('first'));
    for (let round = 0; round < 3; round += 1) {
      const killed = writer(`k${round}-`, 100_000);
      const before = (await open().all()).length;
      while ((await open().all()).length < before + 5) await new Promise((resolve) => setImmediate(resolve));
      killed.kill();
      await killed.done;
      expect((await open().all()).length).toBeGreaterThan(before);
    }
    await open().put(membership('last'));
    const kept = await ids();
    expect(kept).toContain('first');
    expect(kept).toContain('last');
  });

  it('what a killed writer left is taken away', async () => {
    await open().put(membership('a'));
    const leftover = `${path}.01234567-89ab-cdef-0123-456789abcdef.tmp`;
    writeFileSync(leftover, '{');
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(leftover, longAgo, longAgo);
    await open().put(membership('b'));
    expect(existsSync(leftover)).toBe(false);
  });

  it.each(['', '{', '[]', '{"version":2,"memberships":[]}', '{"version":1,"memberships":[{"id":1}]}'])(
    'a file that holds %j is named as damaged, and left as it is',
    async (text) => {
      await open().put(membership('a'));
      writeFileSync(path, text);
      const damaged = expect.objectContaining({ code: 'damaged', hint: expect.stringContaining('mv ') });
      await expect(open().all()).rejects.toThrow(damaged);
      await expect(open().put(membership('b'))).rejects.toThrow(damaged);
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );
});
