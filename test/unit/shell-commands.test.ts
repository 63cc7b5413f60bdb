import { describe, expect, it } from '@jest/globals';
import { completion } from '../../src/cli/shell/completion.js';
import { parseShellCommand } from '../../src/cli/shell/shell-command.js';

describe('S2.1 a command of the shell', () => {
  it.each([
    ['CONNECT 50052 ada', { verb: 'CONNECT', server: 'localhost:50052', name: 'ada' }],
    ['connect 50052 Ada Lovelace', { verb: 'CONNECT', server: 'localhost:50052', name: 'Ada Lovelace' }],
    ['Connect host.example:50052 ada', { verb: 'CONNECT', server: 'host.example:50052', name: 'ada' }],
    ['CONNECT Hamlet ada', { verb: 'CONNECT', server: 'Hamlet', name: 'ada' }],
    ['publish Sports.Chess 1. b4  b6 ', { verb: 'PUBLISH', topic: 'sports.chess', data: '1. b4  b6' }],
    ['SuBsCrIbE sports', { verb: 'SUBSCRIBE', topic: 'sports' }],
    ['unsubscribe sports', { verb: 'UNSUBSCRIBE', topic: 'sports' }],
    ['disconnect', { verb: 'DISCONNECT' }],
    ['status', { verb: 'STATUS' }],
    ['-h', { verb: 'HELP' }],
    ['--help', { verb: 'HELP' }],
    ['help', { verb: 'HELP' }],
    ['quit', { verb: 'QUIT' }],
    ['exit', { verb: 'QUIT' }],
    ['', undefined],
    ['# a comment', undefined],
  ])('%s', (line, command) => expect(parseShellCommand(line)).toEqual(command));

  it.each([
    ['FOO', 'unknown command "FOO"', 'HELP'],
    ['SUBSCRIB sports', 'unknown command "SUBSCRIB"', 'SUBSCRIBE topic'],
    ['conect 50052 ada', 'unknown command "conect"', 'CONNECT port name'],
    ['CONNECT 50052', 'CONNECT is not typed like this', 'CONNECT port name'],
    ['CONNECT 65536 ada', 'port "65536" is not a port', undefined],
    ['CONNECT 50052 a/b', 'name "a/b" holds one of', undefined],
    ['PUBLISH sports', 'PUBLISH is not typed like this', 'PUBLISH topic data'],
    ['PUBLISH sp*rts x', 'topic "sp*rts" is not a topic', undefined],
    ['SUBSCRIBE', 'SUBSCRIBE is not typed like this', 'SUBSCRIBE topic'],
    ['SUBSCRIBE a b', 'SUBSCRIBE is not typed like this', 'SUBSCRIBE topic'],
    ['QUIT now', 'QUIT is not typed like this', 'QUIT'],
  ])('S3.8 "%s" is refused: %s', (line, why, hint) => {
    const parse = (): unknown => parseShellCommand(line);
    expect(parse).toThrow(why);
    if (hint !== undefined) expect(parse).toThrow(expect.objectContaining({ hint }));
  });
});

describe('S2.1 completion', () => {
  const complete = completion(() => ['sports', 'sports.chess', 'theatre', 'sports']);

  it.each([
    ['s', ['SUBSCRIBE ', 'STATUS '], 's'],
    ['SUB', ['SUBSCRIBE '], 'SUB'],
    ['subscribe sp', ['sports ', 'sports.chess '], 'sp'],
    ['UNSUBSCRIBE t', ['theatre '], 't'],
    ['publish ', ['sports ', 'sports.chess ', 'theatre '], ''],
    ['publish sports te', [], 'publish sports te'],
    ['connect 5', [], 'connect 5'],
  ])('of "%s"', (line, hits, word) => expect(complete(line)).toEqual([hits, word]));
});
