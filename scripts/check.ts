import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import semver from 'semver';

/** All that must hold of the code beside its tests; `npm run check`. Ends with counts that a script can read. */
const oldestNode = '20.19.0';

/** What the others read comes of these. */
const first: Record<string, readonly string[]> = {
  'proto lint': ['buf', 'lint'],
  'proto format': ['buf', 'format', '--diff', '--exit-code'],
  'generated code': ['buf', 'generate', '--template', 'scripts/buf.gen.yaml'],
};

/** Side by side, the longest first. */
const commands: Record<string, readonly string[]> = {
  'async rules': ['eslint', '-c', 'scripts/eslint.config.js', 'src', 'test', 'scripts'],
  'reference of the SDK': ['typedoc', '--options', 'scripts/typedoc.json', '--emit', 'none'],
  types: ['tsc', '-p', 'scripts/tsconfig.json'],
  'types of the page': ['tsc', '-p', 'src/web/page'],
  'format and lint': ['biome', 'check', 'src', 'test', 'scripts'],
  'unused code': ['knip'],
  package: ['publint', 'run', '--strict', '--pack', 'false'],
};

const rules: Record<string, () => readonly string[]> = {
  'files under 300 lines': longFiles,
  'engines of the locked packages': newerEngines,
  'no download addresses in the lock file': lockedAddresses,
};

const processors = pLimit(availableParallelism());

function run(command: readonly string[]): Promise<string[]> {
  return processors(
    () =>
      new Promise((resolve) => {
        const options = { encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
        execFile('npx', ['--no-install', ...command], options, (error, stdout, stderr) =>
          resolve(error ? [`${stdout}${stderr}`] : []),
        );
      }),
  );
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

let [passed, failed] = [0, 0];
function tell(name: string, faults: readonly string[]): void {
  if (faults.length > 0) failed += 1;
  else passed += 1;
  process.stdout.write(
    `${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name}\n${faults.map((f) => `     ${f}\n`).join('')}`,
  );
}

for (const [name, rule] of Object.entries(rules)) tell(name, rule());
for (const [name, command] of Object.entries(first)) tell(name, await run(command));
await Promise.all(Object.entries(commands).map(async ([name, command]) => tell(name, await run(command))));
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
