import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();

function simulate(...flags: string[]): { status: number | null; stdout: string; stderr: string } {
  const args = ['--import', 'tsx', 'scripts/simulate/main.ts', ...flags];
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 240_000 });
}

const small = ['--servers', '30', '--failures', '20%', '--rtt', '10ms'];

describe('npm run simulate', () => {
  it('N1 N2 N3 says what queries and articles cost, the same for the same seed to the byte, and draws it', () => {
    const [one, again] = [join(folder, 'one'), join(folder, 'again')];
    const first = simulate(...small, '--svg', one);
    const second = simulate(...small, '--svg', again);
    expect(first.status).toBe(0);
    expect(first.stdout).toContain('20% of the servers');
    expect(first.stdout).toContain('ECHOES');
    expect(second.stdout).toBe(first.stdout);
    for (const name of ['growth.svg', 'fan-out.svg']) {
      const svg = readFileSync(join(one, name), 'utf8');
      expect(svg).toMatch(/^<svg [^>]*viewBox/);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(readFileSync(join(again, name), 'utf8')).toBe(svg);
    }
    expect(simulate(...small, '--seed', '8').stdout).not.toBe(first.stdout);
  }, 300_000);

  it('N1 N2 N3 prints one object a line for scripts', () => {
    const { status, stdout } = simulate('--servers', '10', '--failures', '0%', '--json');
    expect(status).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ type: 'query', servers: 10, complete: true, covered: 10, faults: [] });
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['query', 'query by fan_out', 'feed']));
  }, 120_000);

  it.each([
    [['--servers', '0'], '--servers must be a whole number from 1 to 20000, not "0"'],
    [['--links', '-1'], '--links must be a whole number from 1 to 1000, not "-1"'],
    [['--links=many'], '--links must be a whole number from 1 to 1000, not "many"'],
    [['--failures', '120%'], '--failures must be a share from 0% to 100%, not "120%"'],
    [['--rtt', '20'], '--rtt "20" is not a duration'],
    [['--rtt', '5s'], '--rtt 5s is too long'],
    [['--fan-out', '65'], '--fan-out must be a whole number from 1 to 64'],
    [['--seed'], '--seed needs a value'],
    [['--colour'], '--colour is not known here'],
    [['--servers', '20000', '--links', '1000'], '--servers 20000 with --links 1000 are 20000000 links'],
  ])(
    'N1 names the flag that is wrong: %j',
    (flags, sentence) => {
      const { status, stdout, stderr } = simulate(...flags);
      expect(stderr).toContain(`moot: ${sentence}`);
      expect(stdout).toBe('');
      expect(status).toBe(2);
    },
    60_000,
  );
});
