import type { Processes } from './processes.js';

/** Resolves when the mirror that `server` keeps of `origin` has `count` articles; the bound is the test's own. */
export async function mirrored(network: Processes, server: string, origin: string, count: number): Promise<void> {
  const id = String((await network.ok('servers')).find(({ name }) => name === origin)?.id);
  // Asking for one article is cheap: the whole log is asked for once it goes that far.
  const kept = ['query', server, '--fresh', 'mirrored', '--origin', id];
  for (;;) {
    const [newest] = await network.ok(...kept, '--limit', '1');
    if (newest?.type !== 'article') continue;
    const lines = await network.ok(...kept, '--all');
    if (lines.filter(({ type }) => type === 'article').length === count) return;
  }
}
