import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from '@lydell/node-pty';
import { Processes } from '../support/processes.js';

const network = new Processes();
const bin = join(network.folder, 'bin');
let registry = '';

beforeAll(async () => {
  mkdirSync(bin);
  symlinkSync(join(process.cwd(), 'dist/bin/moot.js'), join(bin, 'moot'));
  writeFileSync(join(network.folder, 'minutes.ndjson'), '');
  registry = (await network.startRegistry()).address;
  await network.startServer('Hamlet', '--topics', 'town,garden');
  await network.startServer('Observatory', '--topics', 'sky');
  await network.startServer('$(touch stolen)');
});
afterAll(() => network.close());

const environment = () => ({
  ...process.env,
  PATH: `${bin}:${process.env.PATH}`,
  MOOT_HOME: network.home,
  MOOT_REGISTRY: registry,
});

/** What bash would offer for these words, the last one being typed. */
async function offered(...words: string[]): Promise<readonly string[]> {
  const script = [
    'eval "$(moot completion bash)"',
    'COMP_WORDS=("$@") COMP_CWORD=$(($#-1))',
    '_moot_complete',
    'for word in "$' + '{COMPREPLY[@]}"; do echo "$word"; done',
  ].join('; ');
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script, 'bash', 'moot', ...words], {
    cwd: network.folder,
    env: environment(),
  });
  return stdout.split('\n').filter(Boolean);
}

describe('completion in bash', () => {
  it('offers commands, and not the one that serves completion itself', async () => {
    expect(await offered('que')).toEqual(['query']);
    expect(await offered('com')).toEqual(['completion']);
    expect(await offered('--json', 'unhi')).toEqual(['unhide']);
  });

  it('offers flags of the command and of all commands', async () => {
    expect(await offered('query', 'Hamlet', '--or')).toEqual(['--origin', '--order']);
    expect(await offered('query', '--time')).toEqual(['--timeout']);
  });

  it.each([
    [
      ['query', 'Hamlet', '--scope', ''],
      ['local', 'network'],
    ],
    [['query', 'Hamlet', '--order', 'f'], ['found']],
    [['query', 'Hamlet', '--order', '=', 'n'], ['newest']],
    [
      ['map', '--format', ''],
      ['table', 'json', 'dot', 'mermaid'],
    ],
    [['subscribe', 'Hamlet', '--from', 'b'], ['beginning']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
  ])('offers what may stand at %j: %j', async (words, values) => {
    expect(await offered(...words)).toEqual(values);
  });

  it('offers the communities that are registered, in any case', async () => {
    expect(await offered('join', 'ham')).toEqual(['Hamlet']);
    expect(await offered('connect', 'Hamlet', 'Obs')).toEqual(['Observatory']);
    expect(await offered('map', '--walk', 'O')).toEqual(['Observatory']);
    const [id = ''] = await offered('query', '--origin', 'Obs');
    expect(await offered('join', id.slice(0, 6))).toEqual(['Observatory']);
    expect(await offered('query', '--origin', 'Obs')).toEqual([expect.stringMatching(/^[0-9a-v]{52}$/)]);
  });

  it('offers the topics of the community that is named', async () => {
    expect(await offered('publish', 'Hamlet', '--topic', '')).toEqual(['garden', 'town']);
    expect(await offered('query', 'Observatory', '--topic', 's')).toEqual(['sky']);
  });

  it('a name that a shell would obey is offered as the start of its id, and nothing runs', async () => {
    expect(await offered('join', '$(to')).toEqual([expect.stringMatching(/^[0-9a-v]{12}$/)]);
    await offered('join', '$(touch typed)', '');
    expect([join(network.folder, 'stolen'), join(network.folder, 'typed')].filter(existsSync)).toEqual([]);
  });

  it('keeps what the registry said for a minute, for its owner alone', async () => {
    const kept = join(network.home, 'completion.json');
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    const { atMs, ...rest } = JSON.parse(readFileSync(kept, 'utf8')) as { atMs: number };
    const servers = [{ id: 'a'.repeat(52), name: 'Kept', topics: [] }];
    writeFileSync(kept, JSON.stringify({ ...rest, servers, atMs: Date.now() }));
    expect(await offered('join', '')).toEqual(['Kept']);
    writeFileSync(kept, JSON.stringify({ ...rest, servers, atMs: atMs - 120_000 }));
    expect(await offered('join', 'H')).toEqual(['Hamlet']);
  });

  it('is silent where the registry is away', async () => {
    const away = await network.run(['complete', '--registry', 'localhost:1', '--', 'join', '']);
    expect(away).toMatchObject({ status: 0, stdout: ':4\n', stderr: '' });
  });

  it('completes on a real prompt: a community, a flag, and files where a file belongs', async () => {
    const shell = spawn('bash', ['--norc', '--noprofile', '-i'], {
      cols: 200,
      cwd: network.folder,
      env: { ...environment(), PS1: 'ready> ', INPUTRC: '/dev/null' },
    });
    let screen = '';
    const heard = (text: string) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (!screen.includes(text)) return;
          listening.dispose();
          resolve();
        };
        const listening = shell.onData(look);
        look();
      });
    shell.onData((text) => {
      screen += text;
    });
    shell.write('eval "$(moot completion bash)"; echo is "loaded"\r');
    await heard('is loaded');
    shell.write('moot import Ham\t');
    await heard('moot import Hamlet ');
    shell.write('minu\t');
    await heard('Hamlet minutes.ndjson ');
    shell.write('\u0015moot query Hamlet --requ\t');
    await heard('--require-complete ');
    const ended = new Promise((resolve) => shell.onExit(resolve));
    shell.write('\u0015exit\r');
    await ended;
  });
});

it.each(['zsh', 'fish'])('completion for %s calls the same program', async (shell) => {
  const { status, stdout } = await network.run(['completion', shell]);
  expect({ status, calls: stdout.includes('moot complete -- ') }).toEqual({ status: 0, calls: true });
});
