import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type Daemon, Processes } from '../support/processes.js';

const network = new Processes();
afterAll(() => network.close());

interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Each line that a program has written. @throws where one is no JSON object. */
function linesOf(text: string): readonly LogLine[] {
  expect(text.endsWith('\n') || text === '').toBe(true);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
}

const logOf = (daemon: Daemon): readonly LogLine[] => linesOf(daemon.stderr());

const levels = ['debug', 'info', 'warn', 'error', 'fatal'];
function expectWhole(lines: readonly LogLine[]): void {
  for (const line of lines) {
    expect(new Date(line.time).toISOString()).toBe(line.time);
    expect(levels).toContain(line.level);
    expect(line.msg).toMatch(/^[^\n]+$/);
  }
}

describe('logs with --log-format json', () => {
  it('are one JSON object a line, one query has one request id on every hop, and no token is in any', async () => {
    const json = ['--log-format', 'json', '--log-level', 'debug'];
    const registry = await network.startRegistry(...json);
    const hops: Daemon[] = [];
    for (const name of ['First', 'Middle', 'Last']) hops.push(await network.startServer(name, ...json));
    await network.ok('connect', 'First', 'Middle');
    await network.ok('connect', 'Middle', 'Last');
    await network.ok('join', 'First', '--as', 'ada');
    await network.ok('publish', 'First', '--topic', 'log', '--body', 'Good morning');
    await network.ok('query', 'First');
    const web = await network.start('web', '--port', '0', ...json);
    const all = [registry, ...hops, web];
    for (const daemon of [web, registry]) expect(await daemon.end()).toBe(0);
    for (const daemon of all) expectWhole(logOf(daemon));

    const asks = hops.map((hop, at) => {
      const path = `/moot.v1.${at === 0 ? 'CommunityService/Query' : 'FederationService/Ask'}`;
      return logOf(hop).filter((line) => line.path === path);
    });
    expect(asks.map((lines) => lines.length)).toEqual([1, 1, 1]);
    const ids = asks.flatMap((lines) => lines.map(({ requestId }) => requestId));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(asks.flat().map(({ code, level }) => [code, level])).toEqual(Array(3).fill(['ok', 'debug']));

    const said = all.map((daemon) => daemon.stderr()).join('');
    const memberships = readFileSync(join(network.home, 'memberships.json'), 'utf8');
    const tokens = [...memberships.matchAll(/"token":\s*"([^"]+)"/g)].map(([, token = '']) => token);
    const operators = ['First', 'Middle', 'Last'].map((name) =>
      readFileSync(join(network.folder, name, 'operator.token'), 'utf8').trim(),
    );
    expect(tokens).toHaveLength(1);
    for (const secret of [...tokens, ...operators]) expect(said).not.toContain(secret);
    expect(said).not.toMatch(/bearer|authorization/i);
  });

  it('have what a level lets through: who comes with info, and with warn what is wrong alone', async () => {
    const told = await network.startServer('Told', '--log-format', 'json', '--log-level', 'info');
    const quiet = await network.startServer('Quiet', '--log-format', 'json', '--log-level', 'info', '--quiet');
    for (const name of ['Told', 'Quiet'])
      await network.ok('join', `${(name === 'Told' ? told : quiet).address}`, '--as', 'bea');
    expect(logOf(told)).toContainEqual(expect.objectContaining({ level: 'info', msg: 'bea joined', event: 'joined' }));
    expect(await told.end()).toBe(0);
    expect(logOf(told).at(-1)).toMatchObject({ level: 'info', event: 'stopping' });
    expect(await quiet.end()).toBe(0);
    expect(logOf(quiet).filter(({ level }) => level !== 'warn')).toEqual([]);
  });

  it('say as well why a program does not start', async () => {
    const { status, stderr } = await network.run([
      'server',
      '0',
      '--name',
      'Bad',
      '--data',
      '/proc/bad',
      '--log-format',
      'json',
    ]);
    const [line] = linesOf(stderr);
    expect([status, line]).toEqual([1, expect.objectContaining({ level: 'fatal', code: 'unavailable', status: 1 })]);
    const wrong = await network.run(['server', '0', '--name', 'Bad', '--log-format', 'xml']);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('text, json')]);
  });
});
