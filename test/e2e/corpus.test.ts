import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadArticles } from '../support/corpus.js';
import { mirrored } from '../support/mirrored.js';
import { type Daemon, type Line, Processes } from '../support/processes.js';

/** Links of the four communities: a ring, and chords both ways. */
const links = ['A B', 'B C', 'C D', 'D A', 'A C', 'D B', 'B D', 'C A'].map((pair) => pair.split(' '));
const names = ['A', 'B', 'C', 'D'].map((letter) => `Community${letter}`);
const nameOf = (letter = '') => `Community${letter}`;

const network = new Processes();
const servers = new Map<string, Daemon>();
const counts = new Map<string, number>();
let total = 0;

beforeAll(async () => {
  const { files } = loadArticles();
  await network.startRegistry();
  await Promise.all(names.map(async (name) => servers.set(name, await network.startServer(name))));
  await Promise.all(
    names.map(async (name, index) => {
      const lines = files
        .filter((_, at) => at % names.length === index)
        .flatMap((file) => file.articles)
        .map((article) => JSON.stringify(article));
      const file = join(network.folder, `${name}.ndjson`);
      writeFileSync(file, `${lines.join('\n')}\n`);
      await network.ok('join', name, '--as', 'importer');
      const [done] = await network.ok('import', name, file);
      expect(done).toEqual({ imported: lines.length, duplicates: 0, rejected: 0 });
      const [again] = await network.ok('import', name, file);
      expect(again).toEqual({ imported: 0, duplicates: lines.length, rejected: 0 });
      counts.set(name, lines.length);
      total += lines.length;
    }),
  );
  for (const [from, to] of links) await network.ok('connect', nameOf(from), nameOf(to));
}, 180_000);

afterAll(() => network.close());

const articles = (lines: readonly Line[]) => lines.filter((line) => line.type === 'article');
const report = (lines: readonly Line[]) =>
  lines.at(-1) as Line & { servers: { name: string; outcome: string; articles: number }[] };

describe('four communities with real articles, linked in a ring with chords', () => {
  it.each(names)(
    'S0.9 S0.10 N1 N2 every article once, newest first, from %s',
    async (name) => {
      const lines = await network.ok('query', name, '--all');
      const found = articles(lines);
      expect(found).toHaveLength(total);
      expect(new Set(found.map((article) => article.id)).size).toBe(total);
      const dates = found.map((article) => String(article.publishedAt));
      expect(dates).toEqual([...dates].sort().reverse());
      expect(report(lines)).toMatchObject({ type: 'report', complete: true, next: null });
      for (const server of names)
        expect(found.filter((article) => article.originName === server)).toHaveLength(counts.get(server) ?? -1);
    },
    120_000,
  );

  it('S0.14 N6 one killed: from each other all articles, those of the dead one from its mirror, and it is named', async () => {
    const dead = nameOf('C');
    for (const name of names.filter((other) => other !== dead))
      await mirrored(network, name, dead, counts.get(dead) ?? 0);
    await servers.get(dead)?.end('SIGKILL');
    for (const name of names.filter((other) => other !== dead)) {
      const done = await network.here(['query', name, '--all', '--json']);
      expect(done.status).toBe(0);
      expect(articles(done.lines)).toHaveLength(total);
      expect(report(done.lines).complete).toBe(false);
      const rows = report(done.lines).servers;
      const others = rows.filter((row) => row.outcome !== 'ANSWERED').map(({ name, outcome }) => ({ name, outcome }));
      expect(others).toEqual([{ name: dead, outcome: 'STALE' }]);
      const strict = await network.here(['query', name, '--require-complete', '--json']);
      expect(strict.status).toBe(1);
    }
  }, 240_000);
});
