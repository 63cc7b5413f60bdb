import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Adds to package-lock.json the packages of other platforms that `npm install` left out because the registry it asked does
 * not carry them; without their lines `npm ci` refuses the file. Their versions are those that their parents name.
 */
interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> };
const missing = Object.entries(lock.packages).flatMap(([parent, { dev, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => parent !== '' && !isLocked(parent, name))
    .map(([name, version]) => [`node_modules/${name}`, { version, ...platformOf(name), dev, optional: true }] as const),
);
const packages = Object.fromEntries([...Object.entries(lock.packages), ...missing].sort(byPath));
writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
process.stdout.write(`${missing.length} packages of other platforms added to ${file}\n`);

/** Beside its parent, or in any folder above it. */
function isLocked(parent: string, name: string): boolean {
  return Object.keys(lock.packages).some((path) => {
    const [folder, ...rest] = path.split(new RegExp(`node_modules/${name}$`));
    return rest.length === 1 && (parent === '' || `${parent}/`.startsWith(folder ?? '-'));
  });
}

function platformOf(name: string): { os: string[]; cpu: string[] } {
  const words = (name.split('/').at(-1) ?? name).split('-');
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor) || words.includes(`${processor}v7`));
  return { os: os.length > 0 ? os : ['wasi'], cpu: cpu.length > 0 ? cpu : ['wasm32'] };
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
