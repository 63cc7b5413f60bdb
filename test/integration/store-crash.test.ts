import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { type DataFolder, openDataFolder } from '../../src/store/data-folder.js';
import { openStore } from '../../src/store/open-store.js';
import { temporaryFolder } from '../support/temporary.js';

const root = temporaryFolder();
const appender = 'test/support/appender.mjs';

interface Heard {
  readonly acked: Map<number, string>;
  readonly words: string[];
}

/** Notes what the appender says, and ends when it has ended. */
async function hear(child: ChildProcess, onAck: (count: number) => void): Promise<Heard> {
  const heard: Heard = { acked: new Map(), words: [] };
  if (!child.stdout) throw new Error('it has no output');
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [seq = '', id = ''] = line.split(' ');
    if (/^\d+$/.test(seq) && id.length === 52) heard.acked.set(Number(seq), id);
    else heard.words.push(line);
    onAck(heard.acked.size);
  });
  await Promise.all([once(lines, 'close'), once(child, 'close')]);
  return heard;
}

async function idsIn(folder: DataFolder): Promise<Map<number, string>> {
  const store = await openStore(`sqlite:${folder.databaseFile}`, { identity: folder.identity });
  const { seq } = await store.articles.end();
  const ids = new Map<number, string>();
  while (ids.size < seq) {
    const read = await store.articles.read(folder.identity.id, ids.size + 1, 500);
    if (read.length === 0) break;
    for (const { entry, id } of read) ids.set(entry.seq, id);
  }
  expect([...ids.keys()]).toEqual(Array.from({ length: seq }, (_, at) => at + 1));
  await store.close();
  return ids;
}

function verify(dir: string, acked: Map<number, string>, stored: Map<number, string>): void {
  for (const [seq, id] of acked) if (stored.get(seq) !== id) throw new Error(`entry ${seq} was acknowledged and lost`);
  const checked = spawnSync('node', ['test/support/seal-checker.mjs', join(dir, 'moot.db')], { encoding: 'utf8' });
  expect(`${checked.status} ${checked.stderr}`).toBe('0 ');
}

describe('a store whose process is killed', () => {
  it('S0.6 has all that it acknowledged, once, without a hole, after each of five kills', async () => {
    const dir = join(root, 'killed');
    const acked = new Map<number, string>();
    for (const after of [1, 40, 300, 150, 700]) {
      const child = spawn('node', [appender, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
      const heard = await hear(child, (count) => {
        if (count >= after) child.kill('SIGKILL');
      });
      for (const [seq, id] of heard.acked) {
        expect(acked.has(seq)).toBe(false);
        acked.set(seq, id);
      }
      const folder = openDataFolder(dir);
      verify(dir, acked, await idsIn(folder));
      folder.close();
    }
    expect(acked.size).toBeGreaterThan(1000);
  });
});

describe('a store whose disk refuses', () => {
  it('S0.6 acknowledges nothing more, says so, and has all that it acknowledged', async () => {
    const dir = join(root, 'refused');
    // A file may grow to 1 MiB; then each write fails with EFBIG, an error of the disk like the rest.
    const child = spawn('sh', ['-c', `ulimit -f 2048; exec node ${appender} ${dir}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const heard = await hear(child, () => undefined);
    expect(child.exitCode).toBe(74);
    expect(heard.words).toContain('broken unavailable');
    expect(heard.acked.size).toBeGreaterThan(10);
    const folder = openDataFolder(dir);
    verify(dir, heard.acked, await idsIn(folder));
    folder.close();
  });
});
