import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CursorFile } from '../../src/cli/live/cursor-file.js';
import { KeptTopics } from '../../src/cli/live/kept-topics.js';
import { toCursorText } from '../../src/core/cursor.js';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();
const cursor = toCursorText({ start: 'now', places: new Map([['0'.repeat(52), { epoch: 1, seq: 7 }]]) });

describe('a file that keeps a cursor', () => {
  it('that is missing means none; what is written is read again, for its owner alone, with nothing left beside it', async () => {
    const path = join(folder, 'deep', 'sports.cursor');
    const file = new CursorFile(path);
    expect(await file.read()).toBeUndefined();
    await file.write(cursor);
    expect(await file.read()).toBe(cursor);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['sports.cursor']);
  });

  it.each([cursor.slice(0, -1), '', 'yesterday'])('"%s" is damage, and stays as it is', async (text) => {
    const path = join(folder, 'damaged');
    writeFileSync(path, text);
    await expect(new CursorFile(path).read()).rejects.toMatchObject({ code: 'damaged' });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('that is a folder is bad usage', async () => {
    await expect(new CursorFile(folder).read()).rejects.toThrow('it is a folder');
  });
});

describe('S2.3 kept subscriptions', () => {
  const id = 'a'.repeat(52);

  it('come back as they were, until they are forgotten', async () => {
    const kept = new KeptTopics(join(folder, 'members', 'ada'), id);
    expect(await kept.read()).toBeUndefined();
    const listened = { cursor, topics: new Map([['sports', cursor]]) };
    await kept.write(listened);
    expect(await kept.read()).toEqual(listened);
    await kept.forget();
    await kept.forget();
    expect(await kept.read()).toBeUndefined();
  });

  it('that are damaged are named, and not overwritten', async () => {
    const home = join(folder, 'members', 'grace');
    const kept = new KeptTopics(home, id);
    await kept.write({ cursor, topics: new Map([['sports', cursor]]) });
    const path = join(home, `subscriptions-${id}.json`);
    writeFileSync(path, readFileSync(path, 'utf8').replace(cursor, 'c1'));
    await expect(kept.read()).rejects.toMatchObject({ code: 'damaged', hint: `rm ${path}, which forgets them` });
  });
});
