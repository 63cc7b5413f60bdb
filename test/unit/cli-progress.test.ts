import { describe, expect, it } from '@jest/globals';
import { Progress } from '../../src/cli/render/progress.js';
import { screenOf } from '../support/screen.js';
import { Terminal } from '../support/terminal.js';

const on = ({ io }: Terminal, settings = {}) => ({ io, settings: { quiet: false, json: false, ...settings } });
/** What is on the screen, once what was written has got there. */
async function seen(terminal: Terminal, columns: number): Promise<readonly string[]> {
  await new Promise((resolve) => setImmediate(resolve));
  return screenOf(terminal.stderr, columns).filter((line) => line !== '');
}

describe('progress', () => {
  it('is a bar where the end is known, and gone when it is cleared', async () => {
    const terminal = new Terminal({ isTTY: true, columns: 60 });
    const progress = await Progress.open(on(terminal), 200);
    progress.show(50, '7 articles');
    expect(await seen(terminal, 60)).toEqual([`${'█'.repeat(6)}${'░'.repeat(18)} 25 %  7 articles`]);
    await progress.clear();
    expect(await seen(terminal, 60)).toEqual([]);
    progress.show(200, '9 articles');
    expect(await seen(terminal, 60)).toEqual([`${'█'.repeat(24)} 100 %  9 articles`]);
    await progress.clear();
    expect({ left: await seen(terminal, 60), stdout: terminal.stdout }).toEqual({ left: [], stdout: '' });
  });

  it('is what has been done where nobody knows how much there is', async () => {
    const terminal = new Terminal({ isTTY: true });
    const progress = await Progress.open(on(terminal), undefined);
    progress.show(50, '7 articles');
    expect(await seen(terminal, 80)).toEqual(['7 articles']);
    await progress.clear();
  });

  it('fits into a terminal that is narrow', async () => {
    const terminal = new Terminal({ isTTY: true, columns: 20 });
    const progress = await Progress.open(on(terminal), 10);
    progress.show(5, 'articles without end');
    expect(await seen(terminal, 20)).toEqual([`${'█'.repeat(12)}${'░'.repeat(6)}…`]);
    await progress.clear();
  });

  it.each([
    ['where stderr is no terminal', false, {}],
    ['with --quiet', true, { quiet: true }],
    ['with --json', true, { json: true }],
  ])('is nothing %s', async (_, isTTY, more) => {
    const terminal = new Terminal({ isTTY });
    const progress = await Progress.open(on(terminal, more), 10);
    progress.show(5, '7 articles');
    await progress.clear();
    expect(terminal.stderr).toBe('');
  });
});
