import type { Processes } from './processes.js';

/** Resolves when the mirror that `server` keeps of `origin` has `count` articles; the bound is the test's own. */
export async function mirrored(network: Processes, server: string, origin: string, count: number): Promise<void> {
  for (;;) {
    const lines = await network.ok('query', server, '--fresh', 'mirrored', '--all');
    if (lines.filter(({ originName }) => originName === origin).length === count) return;
  }
}
