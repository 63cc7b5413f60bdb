import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import semver from 'semver';

/** All that must hold of the code beside its tests; `npm run check`. Ends with counts that a script can read. */
const oldestNode = '20.19.0';

const commands: Record<string, readonly string[]> = {
  'proto lint': ['buf', 'lint'],
  'proto format': ['buf', 'format', '--diff', '--exit-code'],
  'generated code': ['buf', 'generate', '--template', 'scripts/buf.gen.yaml'],
  types: ['tsc', '-p', 'scripts/tsconfig.json'],
  'types of the page': ['tsc', '-p', 'src/web/page'],
  'format and lint': ['biome', 'check', 'src', 'test', 'scripts'],
  'async rules': ['eslint', '-c', 'scripts/eslint.config.js', 'src', 'test', 'scripts'],
  'unused code': ['knip'],
  package: ['publint', 'run', '--strict', '--pack', 'false'],
  'reference of the SDK': ['typedoc', '--options', 'scripts/typedoc.json', '--emit', 'none'],
};

const rules: Record<string, () => readonly string[]> = {
  'files under 300 lines': longFiles,
  'engines of the locked packages': newerEngines,
  'no download addresses in the lock file': lockedAddresses,
};

function run(command: readonly string[]): string[] {
  const done = spawnSync('npx', ['--no-install', ...command], { encoding: 'utf8' });
  return done.status === 0 ? [] : [`${done.stdout}${done.stderr}`];
}

function longFiles(): string[] {
  const files = execFileSync('git', ['ls-files', 'src', 'test', 'scripts'], { encoding: 'utf8' }).split('\n');
  const code = files.filter((file) => /\.(ts|tsx|js|mjs)$/.test(file));
  const lengths = code.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }));
  return lengths.filter(({ lines }) => lines > 300).map(({ file, lines }) => `${file} has ${lines} lines`);
}

interface Lock {
  readonly packages: Record<string, { readonly engines?: { readonly node?: string }; readonly resolved?: string }>;
}

function lock(): Lock {
  return JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
}

function newerEngines(): string[] {
  return Object.entries(lock().packages)
    .filter(([, { engines }]) => engines?.node !== undefined && !semver.satisfies(oldestNode, engines.node))
    .map(([name, { engines }]) => `${name} wants Node ${engines?.node}`);
}

function lockedAddresses(): string[] {
  return Object.entries(lock().packages)
    .filter(([, { resolved }]) => resolved?.includes('://'))
    .map(([name]) => `${name} has an address`);
}

let failed = 0;
const checks = { ...rules, ...Object.fromEntries(Object.entries(commands).map(([name, c]) => [name, () => run(c)])) };
for (const [name, check] of Object.entries(checks)) {
  const faults = check();
  if (faults.length > 0) failed += 1;
  process.stdout.write(
    `${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name}\n${faults.map((f) => `     ${f}\n`).join('')}`,
  );
}
process.stdout.write(`${Object.keys(checks).length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
