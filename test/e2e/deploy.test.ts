import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openMonitor } from '../../src/app/monitoring.js';
import { systemClock } from '../../src/core/clock.js';
import { itWhere } from '../support/abilities.js';
import { read } from '../support/figures.js';
import { freePort } from '../support/free-port.js';
import { Processes } from '../support/processes.js';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();
const units = ['moot-server@.service', 'moot-registry.service'] as const;
const textOf = (name: string): string => readFileSync(join('deploy', name), 'utf8');
/** The values of a directive of a unit, or of an instruction of a Dockerfile, with continued lines joined. */
const valuesOf = (text: string, name: string, between: string): readonly string[] =>
  text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.startsWith(`${name}${between}`))
    .map((line) => line.slice(name.length + 1).trim());

const itWithSystemd = itWhere('units are verified by systemd-analyze', 'systemd-analyze', '--version');

describe('the units of systemd', () => {
  itWithSystemd('are what systemd takes, without a warning, and leave a server little to harm', () => {
    // An instance has its name in its file.
    const copies = units.map((name) => join(folder, name.replace('@', '@Hamlet')));
    for (const [at, copy] of copies.entries()) writeFileSync(copy, textOf(units[at] ?? ''));
    const verified = spawnSync('systemd-analyze', ['verify', ...copies], { encoding: 'utf8' });
    expect([verified.status, verified.stderr.split('\n').filter((line) => line.includes('moot'))]).toEqual([0, []]);
    for (const copy of copies) {
      const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', copy], { encoding: 'utf8' });
      const [, level = '10'] = /exposure level for .*: ([\d.]+)/.exec(stdout) ?? [];
      expect(Number(level)).toBeLessThan(2);
    }
  });

  it('start what they say, which is ready, logs JSON, ends with 0 at their signal, and keeps all in their folder', async () => {
    // What systemd puts in its place, and `moot` where it looks for it.
    mkdirSync(join(folder, 'bin'), { recursive: true });
    symlinkSync(resolve('dist/bin/moot.js'), join(folder, 'bin', 'moot'));
    for (const name of units) {
      const text = textOf(name);
      const state = join(folder, 'state');
      const directory = join(
        state,
        ...(valuesOf(text, 'StateDirectory', '=')[0] ?? '').replace('%i', 'Hamlet').split('/'),
      );
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const [port, metrics] = [await freePort(), await freePort()];
      const put = (value: string): string =>
        value
          .replaceAll('%i', 'Hamlet')
          .replaceAll('%S', state)
          .replace(/\$\{PORT\}/, String(port))
          .replace(/\$\{METRICS_PORT\}/, String(metrics));
      const example = textOf(name.includes('server') ? 'server.env' : 'registry.env');
      expect(example).toMatch(/^PORT=\d+$/m);
      expect(example).toMatch(/^METRICS_PORT=\d+$/m);
      const given = valuesOf(text, 'Environment', '=').flatMap((line) => put(line).split(' '));
      const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, MOOT_REGISTRY: 'localhost:1' };
      const [command = '', ...args] = put(valuesOf(text, 'ExecStart', '=')[0] ?? '').split(' ');
      const child = spawn(command, args, {
        cwd: directory,
        env: { ...env, ...Object.fromEntries(given.map((pair) => pair.split('=', 2))) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let log = '';
      child.stderr.on('data', (chunk) => {
        log += chunk;
      });
      const ended = new Promise((done) => child.once('exit', done));
      await new Promise((ready) => child.stdout.once('data', ready));
      const health = await read(`http://127.0.0.1:${metrics}/readyz`);
      child.kill(valuesOf(text, 'KillSignal', '=')[0] as NodeJS.Signals);
      expect([name, health.status, await ended]).toEqual([name, 200, 0]);
      for (const line of log.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
      if (name.includes('@'))
        expect(readFileSync(join(directory, 'data', 'identity.pem'), 'utf8')).toContain('PRIVATE KEY');
    }
  });

  it('do not start again what starting again does not mend, and wait as long as a stop may take', () => {
    const text = textOf('moot-server@.service');
    expect(valuesOf(text, 'RestartPreventExitStatus', '=')).toEqual(['2 65 74']);
    expect(Number(valuesOf(text, 'TimeoutStopSec', '=')[0])).toBeGreaterThanOrEqual(15);
    expect(valuesOf(text, 'Restart', '=')).toEqual(['always']);
  });
});

describe('the Dockerfile', () => {
  const text = textOf('Dockerfile').replace(/^#.*\n/gm, '');
  const instructions = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');

  it('has two stages, a health check, a signal, and a user who is not root', () => {
    const known = /^(FROM|ENV|RUN|COPY|WORKDIR|USER|VOLUME|EXPOSE|STOPSIGNAL|HEALTHCHECK|ENTRYPOINT|CMD) \S/;
    expect(instructions.filter((line) => !known.test(line))).toEqual([]);
    expect(valuesOf(text, 'FROM', ' ')).toHaveLength(2);
    expect(valuesOf(text, 'USER', ' ')).toEqual(['node']);
    expect(valuesOf(text, 'STOPSIGNAL', ' ')).toEqual(['SIGTERM']);
    expect(JSON.parse(valuesOf(text, 'ENTRYPOINT', ' ')[0] ?? '')).toEqual(['moot']);
    expect(readFileSync('.dockerignore', 'utf8').split('\n')).toEqual(
      expect.arrayContaining(['node_modules', '.git', 'dist']),
    );
  });

  it('copies what is there, and runs scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const copied = valuesOf(text, 'COPY', ' ').filter((line) => !line.startsWith('--from'));
    const sources = copied.flatMap((line) => line.split(' ').slice(0, -1));
    expect(sources.filter((source) => spawnSync('test', ['-e', source]).status !== 0)).toEqual([]);
    const built = valuesOf(text, 'COPY', ' ').filter((line) => line.startsWith('--from'));
    const parts = built.flatMap((line) => line.split(' ').slice(1, -1)).map((part) => part.replace('/moot/', ''));
    expect(parts.filter((part) => spawnSync('test', ['-e', part]).status !== 0)).toEqual([]);
    const runs = valuesOf(text, 'RUN', ' ').flatMap((line) =>
      [...line.matchAll(/npm run (\S+)/g)].map(([, name = '']) => name),
    );
    expect(runs.filter((name) => !(name in scripts))).toEqual([]);
    // The shell takes every line.
    for (const line of valuesOf(text, 'RUN', ' ')) expect(spawnSync('sh', ['-n', '-c', line]).status).toBe(0);
  });

  it('asks by its health check what readiness says: 0 when it is ready, 1 when it is not, or nobody answers', async () => {
    const [program = '', ...args] = JSON.parse(
      /CMD (\[.*\])$/.exec(valuesOf(text, 'HEALTHCHECK', ' ')[0] ?? '')?.[1] ?? '[]',
    ) as string[];
    const monitor = await openMonitor({ host: '127.0.0.1', port: 0, version: '0' }, systemClock);
    const asking = args.map((arg) => arg.replace('http://127.0.0.1:9464', monitor.address));
    const check = (): Promise<unknown> => new Promise((done) => spawn(program, asking).once('exit', done));
    expect(await check()).toBe(1);
    monitor.readiness.begin();
    expect(await check()).toBe(0);
    await monitor.close();
    expect(await check()).toBe(1);
  });
});

describe('the rules for alarms', () => {
  const itWithYaml = itWhere('rules are read by python3-yaml', '/usr/bin/python3', '-c', 'import yaml');
  interface Rules {
    readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
  }
  const rules = (): Rules['groups'][number]['rules'] => {
    const { stdout } = spawnSync('/usr/bin/python3', ['test/support/yaml-to-json.py'], {
      input: textOf('alerts.yml'),
      encoding: 'utf8',
    });
    return (JSON.parse(stdout) as Rules).groups.flatMap((group) => group.rules);
  };
  const namesIn = (text: string): readonly string[] => [...new Set(text.match(/\b(moot|process)_[a-z_]+\b/g))];

  itWithYaml('name figures that a server has, and README says what to do about each', async () => {
    const network = new Processes();
    const { ready } = await network.startServer('Watched', '--metrics', '0');
    const { text } = await read(String(ready.metrics));
    await network.close();
    const missing = rules().flatMap(({ alert, expr }) =>
      namesIn(expr)
        .filter((name) => !text.includes(`# TYPE ${name.replace(/_bucket$/, '')} `))
        .map((name) => [alert, name]),
    );
    expect(missing).toEqual([]);
    const operations = /## Operations\n(.*?)\n## /s.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
    expect(
      rules()
        .filter(({ alert }) => !operations.includes(`\`${alert}\``))
        .map(({ alert }) => alert),
    ).toEqual([]);
    const told = namesIn(operations).filter((name) => name.startsWith('moot_'));
    expect(told.filter((name) => !text.includes(`# TYPE ${name} `) && !/^moot_(web|registry)_/.test(name))).toEqual([]);
  });
});
