import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { temporaryFolder } from '../support/temporary.js';
import { Terminal } from '../support/terminal.js';

const folder = temporaryFolder();
let homes = 0;

async function moot(toml: string | undefined, argv: readonly string[], env: Record<string, string> = {}) {
  homes += 1;
  const home = join(folder, String(homes));
  mkdirSync(home);
  if (toml !== undefined) writeFileSync(join(home, 'config.toml'), toml);
  const terminal = new Terminal({ env: { MOOT_HOME: home, ...env } });
  const status = await run(argv, terminal.io, '0.0.0');
  return { status, stdout: terminal.stdout, stderr: terminal.stderr, path: join(home, 'config.toml') };
}

async function inForce(toml: string | undefined, flags: readonly string[], env: Record<string, string> = {}) {
  const { stdout, path } = await moot(toml, ['config', '--json', ...flags], env);
  const lines = stdout.split('\n').filter(Boolean);
  const values = lines.map((line) => JSON.parse(line) as { key: string; value: unknown; from: string });
  return { path, of: (key: string) => values.find((one) => one.key === key) };
}

describe('moot config', () => {
  it('a flag goes over the environment, that over the file, that over the default', async () => {
    const toml = 'timeout = "9s"\n';
    const env = { MOOT_TIMEOUT: '8s' };
    const key = 'timeout';
    expect((await inForce(toml, ['--timeout', '7s'], env)).of(key)).toEqual({
      key,
      value: '7000ms',
      from: '--timeout',
    });
    expect((await inForce(toml, [], env)).of(key)).toEqual({ key, value: '8000ms', from: 'MOOT_TIMEOUT' });
    const file = await inForce(toml, []);
    expect(file.of(key)).toEqual({ key, value: '9000ms', from: file.path });
    expect((await inForce(undefined, [])).of(key)).toEqual({ key, value: '5000ms', from: 'default' });
  });

  it('tables hold the flags of server, registry and demo', async () => {
    const found = await inForce('registries = "a:1"\n[server]\nmax-members = 4\n[registry]\nlease = "3s"\n', []);
    expect(found.of('server.max-members')?.value).toBe('4');
    expect(found.of('registry.lease')).toMatchObject({ value: '3s', from: found.path });
    expect(found.of('registries')?.value).toEqual(['a:1']);
  });

  it('the password of a store or a bus is not printed, and the rest of its address is', async () => {
    const toml = '[server]\nstore = "postgres://moot:p4ss@db/moot"\n';
    const { of } = await inForce(toml, [], { MOOT_SERVER_BUS: 'nats://moot:p4ss@bus:4222' });
    expect(of('server.store')?.value).toBe('postgres://…@db/moot');
    expect(of('server.bus')?.value).toBe('nats://…@bus:4222');
  });

  it('a secret is never printed', async () => {
    const { stdout } = await moot(undefined, ['config'], { MOOT_OPERATOR_TOKEN: 'sesame' });
    expect(stdout).toContain('MOOT_OPERATOR_TOKEN');
    expect(stdout).not.toContain('sesame');
  });

  it.each([
    ['tiemout = "9s"', 'the key "tiemout"', 'try: timeout'],
    ['[server]\nadmision = "open"', 'the key "server.admision"', 'try: admission'],
    ['admission = "open"', 'the key "admission"', 'try: server.admission\n'],
    ['lease = "3s"', 'the key "lease"', 'try: registry.lease\n'],
    ['[server]\ntimeout = "3s"', 'the key "server.timeout"', 'try: timeout, above the tables'],
    ['[server]\nname = "x', ':2:', 'try: key'],
    ['timeout = 5', 'timeout is the number 5; it takes a duration, which is text', 'try: timeout = "5s"'],
    ['json = "yes"', 'json is the text "yes"; it takes true or false', 'try: json = true'],
    [
      'registries = []',
      'registries is an empty list; it takes a list of texts',
      'try: registries = ["localhost:50051"]',
    ],
    ['registries = [1]', 'registries is the list [1]', 'try: registries ='],
    ['server = 3', 'server is the number 3; it takes a table', 'try: server = { name = "Hamlet" }'],
    ['[server]\nname = ""', 'server.name is empty; it takes text', 'try: server.name = "Hamlet"'],
    ['[server]\nmax-members = 1.5', 'server.max-members is the number 1.5; it takes a whole number', 'members = 100'],
    ['[server]\nadmission = 2026-01-01', 'server.admission is the date 2026', 'try: server.admission = "open"'],
    ['[server]\nadmission = "all"', 'it takes "open", "invite" or "approval"', 'try: server.admission = "open"'],
    ['[server.topics]\na = 1', 'server.topics is a table; it takes a list of texts', '["town","garden"]'],
    ['[demo]\nport = true', 'demo.port is true; it takes a whole number', 'try: demo.port = 50051'],
    ['timeout = "long"', 'timeout', 'try:'],
    ['registry = "a:1"', 'registry is the table', 'try: registries ='],
  ])('%j in the file is refused, by name', async (toml, what, hint) => {
    const { status, stderr, stdout } = await moot(toml, ['servers']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('config.toml');
    expect(stderr).toContain(what);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/invalid|expected|received|undefined/i);
  });
});
