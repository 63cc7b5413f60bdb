import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCommandFile } from '../../src/cli/roles/command-file.js';
import { parseTimedCommand } from '../../src/cli/roles/timed-command.js';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();

describe('S1.1 S1.2 a command of a role', () => {
  it.each([
    ['3 pub sports hello world', 3000, { verb: 'pub', topic: 'sports', words: 'hello world' }],
    ['0.25 pub sports.chess 1. b4  b6', 250, { verb: 'pub', topic: 'sports.chess', words: '1. b4  b6' }],
    ['  .5   PUB   Sports   two  words  ', 500, { verb: 'pub', topic: 'sports', words: 'two  words' }],
    ['0 pub a 5', 0, { verb: 'pub', topic: 'a', words: '5' }],
    ['7 quit', 7000, { verb: 'quit' }],
    ['Terminate', 0, { verb: 'quit' }],
  ])('publisher: %s', (line, afterMs, command) => {
    expect(parseTimedCommand(line, 'publisher', 'file')).toEqual({ afterMs, command });
  });

  it.each([
    ['2 sub sports', 2000, { verb: 'sub', topic: 'sports' }],
    ['2 Unsub sports', 2000, { verb: 'unsub', topic: 'sports' }],
  ])('subscriber: %s', (line, afterMs, command) => {
    expect(parseTimedCommand(line, 'subscriber', 'file')).toEqual({ afterMs, command });
  });

  it.each(['', '   ', '# 3 pub sports hello', '  # x'])('nothing is meant by "%s"', (line) => {
    expect(parseTimedCommand(line, 'publisher', 'file')).toBeUndefined();
  });

  it('at the keyboard the seconds may be left out, in a file they may not', () => {
    expect(parseTimedCommand('pub a b', 'publisher', 'keyboard')).toEqual({
      afterMs: 0,
      command: { verb: 'pub', topic: 'a', words: 'b' },
    });
    expect(() => parseTimedCommand('pub a b', 'publisher', 'file')).toThrow('does not begin with a number of seconds');
  });

  it.each([
    ['publisher', '-1 pub a b', '"-1" is not a number of seconds'],
    ['publisher', '1,5 pub a b', '"1,5" is not a number of seconds'],
    ['publisher', '9999999 pub a b', '"9999999" is not a number of seconds'],
    ['publisher', '5', 'there is no command after the seconds'],
    ['publisher', '5 pub sports', 'pub needs a topic and words'],
    ['publisher', '5 pub sp/orts x', 'topic "sp/orts" is not a topic'],
    ['publisher', '5 sub sports', '"sub" is not a command of a publisher'],
    ['subscriber', '5 pub sports x', '"pub" is not a command of a subscriber'],
    ['subscriber', '5 sub', 'sub needs one topic'],
    ['subscriber', '5 sub a b', 'sub needs one topic'],
    ['subscriber', 'hello', 'does not begin with a number of seconds'],
  ] as const)('S1.3 %s: "%s" is refused: %s', (role, line, why) => {
    expect(() => parseTimedCommand(line, role, 'file')).toThrow(why);
  });

  it('S1.3 a slip of the finger gets a suggestion', () => {
    const slip = (): unknown => parseTimedCommand('5 unsubb a', 'subscriber', 'file');
    expect(slip).toThrow(expect.objectContaining({ hint: 'did you mean unsub?' }));
  });
});

describe('S1.3 a command file', () => {
  it('gives what is right and names what is wrong by its line, up to quit', async () => {
    const path = join(folder, 'publisher1.cmd');
    writeFileSync(path, '# first\r\n1 pub a one\r\n\r\noops\r\n2 pubb a two\r\n3 pub a three\r\nquit\r\n4 nothing\r\n');
    const { commands, invalid } = await readCommandFile(path, 'publisher');
    expect(commands.map(({ place, command }) => [place, command.verb])).toEqual([
      [`${path}:2`, 'pub'],
      [`${path}:6`, 'pub'],
      [`${path}:7`, 'quit'],
    ]);
    expect(invalid.map(({ place }) => place)).toEqual([`${path}:4`, `${path}:5`]);
  });

  it('that is not there, or is no text, is bad usage', async () => {
    await expect(readCommandFile(join(folder, 'none'), 'publisher')).rejects.toThrow('there is no such file');
    writeFileSync(join(folder, 'latin1'), Buffer.from([0x31, 0xe9]));
    await expect(readCommandFile(join(folder, 'latin1'), 'publisher')).rejects.toThrow('is not UTF-8 text');
  });
});
