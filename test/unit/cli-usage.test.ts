import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { Terminal } from '../support/terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'moot-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'latin1.txt'), Buffer.from([0xe9]));

interface Done {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function moot(argv: readonly string[], options: ConstructorParameters<typeof Terminal>[0] = {}): Promise<Done> {
  const terminal = new Terminal({
    ...options,
    env: { MOOT_HOME: folder, MOOT_REGISTRY: 'localhost:1', ...options.env },
  });
  const status = await run(argv, terminal.io, '1.2.3');
  return { status, stdout: terminal.stdout, stderr: terminal.stderr };
}

describe('bad usage', () => {
  it.each([
    ['serverss', "unknown command 'serverss'", 'moot servers'],
    ['xyzzy', "unknown command 'xyzzy'", 'moot --help'],
    ['serves', "unknown command 'serves'", 'try: moot servers'],
    ['pulbish a', "unknown command 'pulbish'", 'try: moot publish'],
    ['servers --regstry x', "unknown option '--regstry'", 'try: --registry'],
    ['import a - --format xml', '--format "xml" is not one of ndjson, feed, mbox', 'try: --format'],
    ['import a - --topic Ä', '--topic "Ä" is not a topic', ''],
    ['query', "missing required argument 'server'", 'moot query --help'],
    ['query a b', 'too many arguments', 'moot query --help'],
    ['query a --limt 5', "unknown option '--limt'", '--limit'],
    ['query a --limit', "option '--limit <count>' argument missing", 'moot query --help'],
    ['query a --limit 0', '--limit must be a whole number from 1 to 500, not "0"', ''],
    ['query a --limit -1', '--limit must be a whole number from 1 to 500, not "-1"', ''],
    ['query a --limit 501', '--limit must be a whole number from 1 to 500, not "501"', ''],
    ['query a --limit 1e9', '--limit must be a whole number from 1 to 500, not "1e9"', ''],
    ['query a --fan-out 65', '--fan-out must be a whole number from 1 to 64, not "65"', 'try: --fan-out 64'],
    ['query a --since tomorrow', '--since "tomorrow" is not a date', '2026-01-31'],
    ['query a --until 2026-02-30', '--until "2026-02-30" is not a date', '2026-01-31'],
    ['query a --since 2026-01-02 --until 2026-01-01', 'since is not before until', ''],
    ['query a --topic Chess', 'topic "Chess" is not a topic', ''],
    ['query a --origin abc', 'origin is not an id', ''],
    ['query a --id abc', 'id is not an id', ''],
    ['query a --reply-to abc', 'replyTo is not an id', ''],
    ['query a --text ...', 'text holds no word to look for', ''],
    ['query a --order oldest', '--order "oldest" is not one of newest, found', 'try: --order newest'],
    ['query a --all --limit 5', '--limit and --all do not go together', ''],
    ['query a --all --order found', '--order found has no pages', ''],
    ['publish a', "required option '--topic <topic>' not specified", ''],
    ['publish a --topic x', 'the article has no body', 'one of --body'],
    ['publish a --topic x --body y -', 'the body is given more than once', 'one of --body'],
    ['publish a --topic x -y', "unknown option '-y'", ''],
    ['publish a --topic x y', '"y" is not expected here', "--body 'y'"],
    ['publish a --topic Ä --body y', '--topic "Ä" is not a topic', ''],
    ['publish a --topic x --body y --reply-to z', '--reply-to is not an id', ''],
    ['publish a --topic x --file /nowhere', '/nowhere cannot be read: there is no such file', ''],
    [`publish a --topic x --file ${folder}`, 'it is a folder', ''],
    [`publish a --topic x --file ${folder}/latin1.txt`, 'is not UTF-8 text', ''],
    ['import a', "missing required argument 'file'", ''],
    ['import a /nowhere', '/nowhere cannot be read: there is no such file', ''],
    [`import a ${folder}`, 'is a folder', '*.ndjson'],
    ['import a - -', 'standard input (-) is given more than once', ''],
    ['server', "missing required argument 'port'", ''],
    ['server 0', 'port 0 needs --name or --data', 'moot server 0 --name'],
    ['server 65536', 'PORT "65536" is not a port', ''],
    ['server http', 'PORT "http" is not a port', ''],
    ['server 0 --name a:b', 'holds one of', ''],
    ['server 0 --name a --topics x,Y', 'topics "Y" is not a topic', ''],
    ['server 0 --name a --max-members 0', '--max-members must be a whole number of at least 1', ''],
    [
      'server 0 --name a --admission all',
      '--admission "all" is not one of open, invite, approval',
      'try: --admission open',
    ],
    ['registry --port x', '--port "x" is not a port', ''],
    ['registry --lease 5', '--lease "5" is not a duration', 'as in 5s'],
    ['demo --communities 0', '--communities must be a whole number from 1 to 20', ''],
    ['servers --timeout 5', '--timeout "5" is not a duration', ''],
    ['servers --registry nowhere', '--registry "nowhere" is not HOST:PORT', 'localhost:50052'],
    ['servers --registry unix:/tmp/x', 'is not HOST:PORT', 'try: write it as localhost:50052'],
    ['join a --as a/b', 'holds one of', ''],
    ['subscribe', "missing required argument 'server'", 'moot subscribe --help'],
    ['subscrib a', "unknown command 'subscrib'", 'moot subscribe'],
    ['subscribe a --topic Chess', 'topic "Chess" is not a topic', ''],
    ['subscribe a --scope world', '--scope "world" is not one of local, network', 'try: --scope local'],
    ['subscribe a --from begining', '--from "begining" is not a cursor', 'beginning'],
    ['subscribe a --from c1abc', '--from "c1abc" is not a cursor', '@FILE'],
    ['subscribe a --from @', '--from @ names no file', '--from @FILE'],
    [`subscribe a --from @${folder}`, 'it is a folder', ''],
    ['subscribe a --count 0', '--count must be a whole number of at least 1', ''],
    ['publish a --topic x --body y --every 1', '--every "1" is not a duration', 'as in 5s'],
    ['publish a --topic x --body y --count x', '--count must be a whole number of at least 1', ''],
    ['retract a', "missing required argument 'id'", 'moot retract --help'],
    ['retract a abc', 'ID is not an id', ''],
    ['publisher', "required option '-p, --port <port>' not specified", 'moot publisher --help'],
    ['publisher -p x', 'is not a port', ''],
    ['publisher -p 1 -H a_b', 'is not HOST:PORT', ''],
    ['publisher -p 1 -i a/b', 'holds one of', ''],
    ['publisher -p 1 -f /nowhere', '/nowhere cannot be read: there is no such file', ''],
    ['publisher -p 1 --topic X', '--topic "X" is not a topic', ''],
    ['subscriber -p 1 --stric', "unknown option '--stric'", '--strict'],
    [`subscriber -p 1 -f ${folder}/latin1.txt`, 'is not UTF-8 text', ''],
    ['shell -f /nowhere', '/nowhere cannot be read: there is no such file', ''],
    ['chat a', "missing required argument 'topic'", 'moot chat --help'],
    ['chat a Lobby', 'TOPIC "Lobby" is not a topic', ''],
    ['chat a lobby --as a/b', 'holds one of', ''],
  ])('moot %s: status 2, and why on stderr', async (line, why, hint) => {
    const { status, stdout, stderr } = await moot(line.split(' '));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^moot: [^\n]+\n(try: [^\n]+\n)?$/);
    expect(stderr).toContain(why);
    if (hint !== '') expect(stderr.split('\n')[1]).toContain(hint);
  });

  it('a variable that cannot be meant is named', async () => {
    const { status, stderr } = await moot(['servers'], { env: { MOOT_REGISTRY: 'nowhere' } });
    expect(status).toBe(2);
    expect(stderr).toContain('MOOT_REGISTRY "nowhere" is not HOST:PORT');
  });
});

describe('a command that is refused, with --json', () => {
  it.each<readonly [string, object, object?]>([
    ['qurey a --json', { code: 'usage', field: 'command', message: "unknown command 'qurey'", try: 'moot query' }],
    ['--json query a --fan-out 65', { field: 'fanOut', try: '--fan-out 64' }],
    ['query a --since 2026-01-02 --until 2026-01-01', { field: 'since' }, { MOOT_JSON: 'true' }],
    ['servers --json', { code: 'unavailable', field: 'registry', try: 'start one: moot registry' }],
    ['servers', { field: 'MOOT_REGISTRY' }, { MOOT_JSON: '1', MOOT_REGISTRY: 'nowhere' }],
  ])('moot %s: says so as one object on one line of stderr, and nothing on stdout', async (line, said, env = {}) => {
    const { stdout, stderr } = await moot(line.split(' '), { env: { ...env } });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^\{"error":\{"code":[^\n]+\}\}\n$/);
    expect(JSON.parse(stderr)).toMatchObject({ error: { message: expect.any(String), ...said } });
  });

  it('speaks to people where --json is only a word', async () => {
    expect((await moot(['query', '--limit', '0', 'a', '--', '--json'])).stderr).toMatch(/^moot: /);
  });

  it('shows with --debug where it comes from', async () => {
    const { error } = JSON.parse((await moot(['servers', '--debug', '--json'])).stderr) as { error: { stack: string } };
    expect(error.stack).toMatch(/caused by .*\n {4}at /);
  });
});

describe('a variable that begins with MOOT_', () => {
  it.each([
    ['MOOT_TIMEOT', 'MOOT_TIMEOUT'],
    ['MOOT_SERVER_MAX_MEMBER', 'MOOT_SERVER_MAX_MEMBERS'],
    ['MOOT_REGISTRY_PROT', 'MOOT_REGISTRY_PORT'],
    ['MOOT_SEVER_HOST', 'MOOT_SERVER_HOST'],
    ['MOOT_SERVER_PROT', 'unset MOOT_SERVER_PROT'],
    ['MOOT_ADMISSION', 'MOOT_SERVER_ADMISSION'],
    ['MOOT_ADMISION', 'MOOT_SERVER_ADMISSION'],
    ['MOOT_ADDRESS_RATE', 'MOOT_SERVER_ADDRESS_RATE or MOOT_REGISTRY_ADDRESS_RATE'],
    ['MOOT_SERVER_TIMEOUT', 'MOOT_TIMEOUT'],
    ['MOOT_ELSEWHERE', 'unset MOOT_ELSEWHERE'],
  ])('and is none, as %s, is refused, and %s is suggested', async (name, hint) => {
    const { status, stderr } = await moot(['servers'], { env: { [name]: '1' } });
    expect(status).toBe(2);
    expect(stderr).toContain(`the variable ${name} is set, which moot does not know\ntry: ${hint}\n`);
  });

  it('is left alone where it is for tests', async () => {
    expect((await moot(['servers'], { env: { MOOT_TEST_CORPUS: '/nowhere' } })).status).toBe(1);
  });

  it('is told by doctor beside what else is wrong', async () => {
    const { stdout, stderr } = await moot(['doctor'], { env: { MOOT_TIMEOT: '5s' } });
    expect(stdout).toMatch(/^FAIL {5}environment: .*MOOT_TIMEOT.*\ntry: MOOT_TIMEOUT$/m);
    expect(stdout).toMatch(/^FAIL {5}registry: /m);
    expect(stderr).toBe('');
  });
});

describe('help', () => {
  const commands = [
    'registry',
    'server',
    'servers',
    'join',
    'leave',
    'members',
    'publish',
    'import',
    'query',
    'connect',
    'disconnect',
    'subscribe',
    'retract',
    'shell',
    'chat',
    'publisher',
    'subscriber',
    'peers',
    'demo',
  ];

  it('lists every command, on stdout', async () => {
    const { status, stdout } = await moot(['--help']);
    expect(status).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect((await moot([])).stdout).toBe(stdout);
  });

  it.each(commands)('of %s has an example', async (command) => {
    const { status, stdout, stderr } = await moot([command, '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^  \\$ .*moot ${command}`, 'm'));
    expect(stdout).toContain('--registry <address>');
  });

  it('the version is the package’s', async () => {
    expect(await moot(['--version'])).toEqual({ status: 0, stdout: '1.2.3\n', stderr: '' });
  });
});

describe('a registry that is away', () => {
  it.each([['servers'], ['join', 'Hamlet'], ['query', 'Hamlet'], ['peers', 'Hamlet']])(
    'moot %s %s says so, and how to start one',
    async (...argv) => {
      const { status, stdout, stderr } = await moot(argv);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(
        /^moot: cannot [^\n]+: the registry localhost:1 does not answer\ntry: start one: moot registry\n$/,
      );
    },
  );

  it.each([
    ['--registry', 'localhost:2', 'servers'],
    ['servers', '--registry', 'localhost:2'],
  ])('flags work before and after the command: %s %s %s', async (...argv) => {
    expect((await moot(argv)).stderr).toContain('the registry localhost:2 does not answer');
  });

  it('several registries are named together', async () => {
    const { stderr } = await moot(['servers', '--registry', 'localhost:2', '--registry', 'localhost:3']);
    expect(stderr).toContain('no registry of localhost:2, localhost:3 answers');
  });

  it('--debug shows where it comes from', async () => {
    expect((await moot(['servers', '--debug'])).stderr).toMatch(/caused by .*\n {4}at /);
  });
});
