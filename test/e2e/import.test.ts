import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Processes } from '../support/processes.js';
import { Pty } from '../support/pty.js';

const network = new Processes();
const fixture = (name: string): string => resolve('test/fixtures/import', name);
let registry = '';

beforeAll(async () => {
  registry = (await network.startRegistry()).address;
  await network.startServer('Hamlet');
  await network.ok('join', 'Hamlet', '--as', 'ada');
}, 60_000);
afterAll(() => network.close());

describe('moot import', () => {
  it.each([
    ['allotment.rss', 3, 1],
    ['observatory.atom', 2, 0],
    ['workshop.json', 2, 0],
    ['list.mbox', 3, 1],
  ])(
    'of %s keeps authors and dates, and a second run adds nothing',
    async (name, imported, rejected) => {
      const status = rejected === 0 ? 0 : 1;
      const command = ['import', 'Hamlet', fixture(name), '--topic', 'from.elsewhere', '--json'];
      expect(await network.here(command)).toMatchObject({ status, lines: [{ imported, duplicates: 0, rejected }] });
      expect(await network.here(command)).toMatchObject({
        status,
        lines: [{ imported: 0, duplicates: imported, rejected }],
      });
      const lines = await network.ok(
        'query',
        'Hamlet',
        '--author',
        name === 'list.mbox' ? 'Wren Halloran' : 'Ash Oduya',
      );
      if (name === 'list.mbox')
        expect(lines).toContainEqual(
          expect.objectContaining({ publishedAt: '1998-01-03T01:05:34.000Z', topic: 'from.elsewhere' }),
        );
    },
    120_000,
  );

  it('names what is refused, to people and to scripts, and takes what comes on standard input for what it is', async () => {
    const text = readFileSync(fixture('allotment.rss'), 'utf8');
    const { status, stderr } = await network.here(['import', 'Hamlet', '-', '--topic', 'from.elsewhere'], text);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'standard input: item 3: "the day after tomorrow" is not a date\n',
    });
    const { stderr: line } = await network.here(['import', 'Hamlet', '-', '--topic', 'x', '--json'], 'From me\n\n');
    expect(JSON.parse(line)).toMatchObject({
      error: { code: 'invalid', field: 'file', message: expect.stringContaining('no mbox') },
    });
  });

  it('leaves what has changed since as it is, and says so', async () => {
    const path = join(network.folder, 'changed.rss');
    const text = readFileSync(fixture('allotment.rss'), 'utf8').replaceAll('Eleven', 'Twelve');
    writeFileSync(path, text);
    const { stderr, lines } = await network.here(['import', 'Hamlet', path, '--topic', 'from.elsewhere', '--json']);
    expect(lines).toEqual([{ imported: 0, duplicates: 3, rejected: 1 }]);
    expect(stderr).toContain('changed.rss: item 2: has changed since it was imported; what is there stays\n');
  });

  it('needs to be told where feeds and mails go, before anything is published', async () => {
    const { status, stderr } = await network.here(['import', 'Hamlet', fixture('list.mbox')]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^moot: .*list\.mbox has no topics\ntry: say where it goes: --topic news\n$/);
  });

  it('shows a bar to who looks on, and takes it away', async () => {
    const path = join(network.folder, 'many.ndjson');
    const lines = Array.from({ length: 3000 }, (_, n) => JSON.stringify({ topic: 'many', body: `article ${n}` }));
    writeFileSync(path, `${lines.join('\n')}\n`);
    const terminal = new Pty(['import', 'Hamlet', path], { registry, home: network.home });
    try {
      expect(await terminal.until('3000 imported, 0 there already, 0 refused')).toMatch(
        /█+░* {1}\d+ % {2}\d+ articles/,
      );
      expect(await terminal.ended).toBe(0);
      expect(terminal.screen.filter((line) => /[█░]/.test(line))).toEqual([]);
    } finally {
      await terminal.close();
    }
    for (const quiet of ['--quiet', '--json']) {
      const silent = new Pty(['import', 'Hamlet', path, quiet], { registry, home: network.home });
      expect(await silent.ended).toBe(0);
      expect(silent.raw).not.toMatch(/[█░]/);
    }
  }, 150_000);
});
