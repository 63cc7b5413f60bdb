import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { makeBase, path } from './base.js';
import { commandOf, pairsOf, type Step } from './dockerfile.js';

/** What a stage has become. */
export interface Image {
  readonly root: string;
  env: Readonly<Record<string, string>>;
  user: string;
  workdir: string;
  /** The last value of each step that says how it is run. */
  readonly says: Map<string, string>;
}

const left = readFileSync('.dockerignore', 'utf8').split('\n').filter(Boolean);
/** What this machine's npm needs to reach its registry and compile; the file itself knows nothing of it. */
const machine: Readonly<Record<string, string>> = {
  npm_config_prefer_offline: 'true',
  npm_config_jobs: 'max',
  ...(existsSync('/usr/include/node') && { npm_config_nodedir: '/usr' }),
  ...Object.fromEntries(
    ['NODE_EXTRA_CA_CERTS', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  ),
};

/** Runs every step in roots below `folder`. @returns the last stage. @throws Error when a step fails. */
export function build(steps: readonly Step[], folder: string): Image {
  const stages = new Map<string, Image>();
  let image: Image | undefined;
  for (const [at, { name, value }] of steps.entries()) {
    process.stdout.write(`${at + 1}/${steps.length} ${name} ${value}\n`);
    if (name === 'FROM') {
      const [, stage = `stage${stages.size}`] = / AS (\S+)$/.exec(value) ?? [];
      image = { root: join(folder, stage), env: {}, user: 'root', workdir: '/', says: new Map() };
      stages.set(stage, image);
      makeBase(image.root);
    } else if (image) apply(image, name, value, stages);
  }
  if (!image) throw new Error('there is no FROM');
  return image;
}

/** The words that run `command` in an image as its user, in its folder, and with its variables alone. */
export function inImage({ root, env, user, workdir }: Image, command: readonly string[]): readonly string[] {
  const all = { PATH: path, HOME: user === 'root' ? '/root' : `/home/${user}`, ...env };
  const variables = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  return ['chroot', `--userspec=${user}:${user}`, root, 'env', '-i', '-C', workdir, ...variables, ...command];
}

function apply(image: Image, name: string, value: string, stages: ReadonlyMap<string, Image>): void {
  if (name === 'RUN') runStep(image, value);
  else if (name === 'COPY') copy(image, value, stages);
  else if (name === 'ENV') image.env = { ...image.env, ...pairsOf(value) };
  else if (name === 'USER') image.user = value;
  else if (name === 'WORKDIR') {
    image.workdir = resolve(image.workdir, value);
    mkdirSync(join(image.root, image.workdir), { recursive: true });
  } else image.says.set(name, value);
}

function runStep(image: Image, value: string): void {
  const [, packages] =
    /^apt-get update && apt-get install -y --no-install-recommends ([\w+\-. ]+?) && rm -rf \S+$/.exec(value) ?? [];
  if (packages !== undefined) {
    // The system is this machine's: what it lacks is not put there.
    const { status, stderr } = spawnSync('dpkg', ['-s', ...packages.split(' ')], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`this machine lacks a package that the image installs: ${stderr}`);
    process.stdout.write(`    not run: dpkg says that ${packages} are here\n`);
    return;
  }
  const startMs = Date.now();
  const [program = '', ...args] = inImage({ ...image, env: { ...machine, ...image.env } }, commandOf(value));
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`it ended with ${status}:\n${stdout.slice(-2000)}${stderr.slice(-4000)}`);
  process.stdout.write(`    ${((Date.now() - startMs) / 1000).toFixed(1)} s\n`);
}

function copy(image: Image, value: string, stages: ReadonlyMap<string, Image>): void {
  const words = value.split(/\s+/);
  const stage = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
  const from = stage === undefined ? resolve('.') : stages.get(stage)?.root;
  const target = words.pop() ?? '';
  if (from === undefined) throw new Error(`there is no stage ${stage}`);
  const to = join(image.root, resolve(image.workdir, target));
  const filter = (source: string): boolean => stage !== undefined || !left.includes(relative(from, source));
  for (const source of words.map((word) => join(from, word))) {
    const isInto = target.endsWith('/') && statSync(source).isFile();
    cpSync(source, isInto ? join(to, basename(source)) : to, { recursive: true, verbatimSymlinks: true, filter });
  }
}
