import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Line, Processes } from '../support/processes.js';

const network = new Processes();
const names = Array.from({ length: 6 }, (_, n) => `Clique${n + 1}`);

beforeAll(async () => {
  await network.startRegistry();
  await Promise.all(names.map((name) => network.startServer(name)));
  await Promise.all(
    names.map(async (name) => {
      await network.ok('join', name, '--as', 'ada');
      await network.ok('publish', name, '--topic', 'news', '--body', `from ${name}`);
    }),
  );
  for (const a of names) for (const b of names) if (a !== b) await network.ok('connect', a, b);
}, 120_000);

afterAll(() => network.close());

const bodies = (lines: readonly Line[]) => lines.filter((line) => line.type === 'article').map((line) => line.body);

describe('a complete graph of six real servers', () => {
  it.each(names)('S0.10 N1 %s answers with 6 articles, once each, in 5 calls and one round', async (name) => {
    const lines = await network.ok('query', name);
    expect(bodies(lines).sort()).toEqual(names.map((other) => `from ${other}`).sort());
    expect(lines.at(-1)).toMatchObject({ complete: true, rounds: 1, calls: 5 });
  });
});
