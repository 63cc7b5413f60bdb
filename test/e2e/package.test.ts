import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, made.filename), '-C', installed, '--strip-components', '1']);
  // What it depends on comes from here, so that the test needs no network: that alone, and not what only we need.
  const { dependencies } = manifest();
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name));
  }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: { 'moot-network': '*' } }),
  );
  // As an install does it: the command is linked to where package.json says.
  await run('npm', ['rebuild', '--ignore-scripts', '--offline', 'moot-network'], { cwd: folder });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function manifest(): { readonly version: string; readonly dependencies: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as ReturnType<typeof manifest>;
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

  it('is the command moot in an empty folder, without a build', async () => {
    const moot = join(modules, '.bin/moot');
    expect(statSync(moot).mode & 0o111).not.toBe(0);
    const { stdout } = await run(moot, ['--version'], { cwd: folder });
    expect(stdout).toBe(`${manifest().version}\n`);
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
