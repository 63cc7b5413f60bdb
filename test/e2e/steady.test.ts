import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Growth, SteadyNetwork } from '../support/steady.js';

const articles = 50_000;
const mostMiB = 64;
/** The kernel's own account of a process's peak is there on Linux alone. */
const itOnLinux = process.platform === 'linux' ? it : it.skip;
const network = new SteadyNetwork();

beforeAll(() => network.start(), 120_000);
afterAll(() => network.close());

function expectSteady(grown: Growth): void {
  for (const [name, mib] of Object.entries(grown)) expect([name, Math.max(mib, mostMiB)]).toEqual([name, mostMiB]);
}

describe('an answer of any size takes the memory of a page', () => {
  itOnLinux(
    '50,000 articles of 1 KiB imported: the client grows by at most 64 MiB',
    async () => expectSteady(await network.importInto(articles)),
    400_000,
  );

  itOnLinux(
    '50,000 articles to a reader that stops reading its pipe for 10 s: the client and the server, once it is warm, by at most 64 MiB each',
    async () => {
      const { articles: read, grown } = await network.queryAll('C', ['C']);
      expect(read).toBe(articles);
      expectSteady(grown);
    },
    400_000,
  );

  itOnLinux(
    'the same over two hops: the client and all three servers by at most 64 MiB each',
    async () => {
      const { articles: read, grown } = await network.queryAll('A', ['A', 'B', 'C']);
      expect(read).toBe(articles);
      expectSteady(grown);
    },
    400_000,
  );
});
