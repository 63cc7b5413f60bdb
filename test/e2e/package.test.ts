import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'moot-package-'));
const modules = join(folder, 'node_modules');
const installed = join(modules, 'moot-network');
let packed: { readonly size: number; readonly files: readonly { readonly path: string }[] };

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    maxBuffer: 2 ** 24,
  });
  const [made] = JSON.parse(stdout) as readonly (typeof packed & { readonly filename: string })[];
  if (!made) throw new Error('nothing was packed');
  packed = made;
  const dependencies = { 'moot-network': `file:${made.filename}` };
  // Compiling takes a minute where no compiled file can be had: ours is put in its place, so it is to be the same version.
  const overrides = { 'better-sqlite3': versionOf('better-sqlite3') };
  const manifest = { private: true, type: 'module', dependencies, overrides };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  cpSync('node_modules/better-sqlite3/build', join(modules, 'better-sqlite3/build'), { recursive: true });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
}

describe('the package', () => {
  it('has what it needs to run, at most 8 MiB of it, and nothing of the workshop', () => {
    expect(packed.size).toBeLessThan(8 * 1024 * 1024);
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/bin/moot.js',
        'dist/client/index.d.ts',
        'deploy/alerts.yml',
        'docs/examples/answering-bot.mjs',
        'proto/moot/v1/community.proto',
      ]),
    );
    expect(
      paths.filter((path) => !/^(deploy|dist|proto|docs\/examples)\/|^(LICENSE|README\.md|package\.json)$/.test(path)),
    ).toEqual([]);
    expect(paths.filter((path) => /tsbuildinfo|(?<!\.d)\.ts$|\.test\./.test(path))).toEqual([]);
  });

  it('brings what it needs and nothing of the workshop, in an empty folder', () => {
    const brought = readdirSync(modules);
    expect(brought).toEqual(expect.arrayContaining(['better-sqlite3', 'fastify', 'moot-network']));
    expect(brought.filter((name) => /^(jest|typescript|vite|preact|@swc|playwright-core)$/.test(name))).toEqual([]);
  });

  it('starts a whole network with its page there', async () => {
    const env = { ...process.env, MOOT_REGISTRY_PORT: '0', MOOT_DEMO_PORT: '0', MOOT_HOME: join(folder, 'home') };
    const demo = spawn(join(modules, '.bin/moot'), ['demo', '--web-port', '0', '--json'], { cwd: folder, env });
    const ended = once(demo, 'exit');
    try {
      const [line] = (await once(createInterface(demo.stdout), 'line')) as [string];
      const { servers, web } = JSON.parse(line) as { servers: readonly unknown[]; web: string };
      expect(servers).toHaveLength(3);
      const [page, articles] = await Promise.all([fetch(web), fetch(`${web}/api/communities/any/articles?limit=1`)]);
      expect(await page.text()).toContain('<title>Moot</title>');
      expect(await articles.json()).toMatchObject({ articles: [{}], report: { complete: true } });
    } finally {
      demo.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  }, 120_000);

  it('is the command moot in an empty folder, without a build', async () => {
    const moot = join(modules, '.bin/moot');
    expect(statSync(moot).mode & 0o111).not.toBe(0);
    const { stdout } = await run(moot, ['--version'], { cwd: folder });
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(stdout).toBe(`${version}\n`);
    expect((await run('npx', ['--no-install', 'moot', '--version'], { cwd: folder })).stdout).toBe(stdout);
    const help = await run(moot, ['import', '--help'], { cwd: folder });
    expect(help.stdout).toContain('moot import Server50052 feed.xml --topic news');
  }, 60_000);

  it('loads what it imports from its own dependencies, each command', async () => {
    const commands = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.js') && !file.startsWith('bin/') && !/worker|thread|^web\/page\//.test(file),
    );
    const script = `for (const file of ${JSON.stringify(commands)}) await import('./node_modules/moot-network/dist/' + file);`;
    await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
  }, 90_000);

  it('is an SDK with types', async () => {
    const program = `import { connect, type Article } from 'moot-network';
      const moot = await connect({ registry: 'localhost:1' });
      const answer = (await moot.community('localhost:1')).query({ topics: ['sky'] });
      for await (const article of answer) show(article);
      // @ts-expect-error there is no such topic
      answer.nothing;
      function show({ title, publishedAtMs }: Article): [string | undefined, number] { return [title, publishedAtMs]; }\n`;
    writeFileSync(join(folder, 'program.ts'), program);
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      'node',
    ];
    const types = ['--typeRoots', join(process.cwd(), 'node_modules/@types')];
    await run(
      process.execPath,
      [join(process.cwd(), 'node_modules/typescript/bin/tsc'), ...options, ...types, 'program.ts'],
      { cwd: folder },
    );
  }, 90_000);
});
