import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { MootShell } from '../support/moot-shell.js';

interface Line {
  readonly command: string;
  readonly says: readonly string[];
}

const [, section = ''] = /^## Ten minutes.*?$(.*?)^## /ms.exec(readFileSync('README.md', 'utf8')) ?? [];
const written = [...section.matchAll(/^```\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.trimEnd().split('\n'));
const starts = written.flatMap((text, at) => (text.startsWith('$ ') ? [at] : []));
const tutorial = starts.map<Line>((at, nth) => ({
  command: written[at]?.slice(2) ?? '',
  says: written.slice(at + 1, starts[nth + 1]),
}));

const folder = mkdtempSync(join(tmpdir(), 'moot-tutorial-'));
const ports = new Map<string, string>();
let shell: MootShell;

beforeAll(async () => {
  for (const port of ['50051', '50052', '50053']) ports.set(port, String(await freePort()));
  // The registry of the tutorial is the one that moot looks for by itself; here it is at another port.
  shell = new MootShell(folder, {
    MOOT_REGISTRY: `localhost:${ports.get('50051')}`,
    MOOT_REGISTRY_PORT: ports.get('50051') ?? '',
  });
});
afterAll(async () => {
  await shell.close();
  rmSync(folder, { recursive: true, force: true });
});

const here = (text: string): string => text.replace(/\b5005[123]\b/g, (port) => ports.get(port) ?? port);

/** How wide a column is depends on what is in it; `…` is whatever it is this time, and an empty line says nothing. */
function pattern(lines: readonly string[]): RegExp {
  const parts = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split('…').map(escaped).join('.+'));
  return new RegExp(`^${parts.join('\\n')}$`);
}

const escaped = (text: string): string =>
  here(text)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\s+/g, '\\s+');
const tidy = (output: string): string =>
  output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

const isListed = /^moot (map|servers)\b/;

describe('the tutorial of README', () => {
  it('has lines to type', () => expect(tutorial.length).toBeGreaterThan(20));

  it.each(tutorial)(
    '$command',
    async ({ command, says }) => {
      if (command.endsWith(' &')) {
        const { output } = await shell.start(here(command.slice(0, -2)), / ready at .*\n/);
        expect(tidy(output())).toMatch(pattern(says));
        return;
      }
      let { output } = await shell.run(here(command));
      // Registries know how many articles there are from the last renewal, which may be 5 s ago: a person would look again.
      for (let looks = 1; looks < 30 && isListed.test(command) && !pattern(says).test(tidy(output)); looks += 1)
        ({ output } = await shell.run(here(command)));
      expect(tidy(output)).toMatch(pattern(says));
    },
    60_000,
  );
});
