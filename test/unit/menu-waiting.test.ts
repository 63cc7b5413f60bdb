import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { Back, Interrupted } from '../../src/cli/menu/leaving.js';
import { Prompts } from '../../src/cli/menu/prompts.js';

function terminal() {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (on: boolean) => raw.push(on) });
  const output = new PassThrough();
  return { raw, input, output };
}

const never = () => new Promise<string>(() => undefined);

describe('waiting for a call that never ends, and ignores that nobody wants it', () => {
  it.each([
    ['Ctrl-C', '\u0003', Interrupted],
    ['Escape', '\u001b', Back],
  ])('%s ends it at once, and lets go of the terminal', async (_, keys, leaves) => {
    const { raw, input, output } = terminal();
    const waiting = new Prompts({ input, output }, new AbortController().signal).waiting('asking Hamlet', never);
    input.write(keys);
    await expect(waiting).rejects.toBeInstanceOf(leaves);
    expect(raw).toEqual([true, false]);
    expect(input.isPaused()).toBe(true);
    expect(input.listenerCount('end')).toBe(0);
  });

  it('so does the end of the program, and of the terminal', async () => {
    const { input, output } = terminal();
    const ended = new AbortController();
    const waiting = new Prompts({ input, output }, ended.signal).waiting('asking Hamlet', never);
    ended.abort();
    await expect(waiting).rejects.toBeInstanceOf(Interrupted);
    const gone = new Prompts({ input, output }, new AbortController().signal).waiting('asking Hamlet', never);
    input.end();
    await expect(gone).rejects.toBeInstanceOf(Interrupted);
  });

  it('says nothing of what takes no time, and gives what came of it', async () => {
    const { input, output } = terminal();
    const prompts = new Prompts({ input, output }, new AbortController().signal);
    expect(await prompts.waiting('asking Hamlet', async () => 'done')).toBe('done');
    expect(output.read()).toBeNull();
  });
});
