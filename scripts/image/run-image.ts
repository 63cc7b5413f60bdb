import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Image, inImage } from './build.js';
import { commandOf } from './dockerfile.js';

/** As long as docker waits between the signal and the end. */
const graceMs = 10_000;
const healthMs = 60_000;
const server = 'hamlet.example:50052';

/** Starts an image as README does, asks it for its health, takes part in it, and stops it. @throws Error where one of them fails. */
export async function runImage(image: Image, folder: string): Promise<void> {
  const entry = commandOf(image.says.get('ENTRYPOINT') ?? '[]');
  tell(
    'started with its CMD',
    once0(inImage(image, [...entry, ...commandOf(image.says.get('CMD') ?? '[]')])).split('\n')[0],
  );
  makeCertificate(image, folder);
  const container = startContainer(inImage(image, [...entry, ...readmeArguments()]));
  try {
    tell('ready', await container.ready);
    const inContainer = (...words: readonly string[]): readonly string[] => container.exec(inImage(image, words));
    tell('HEALTHCHECK passes', await healthy(() => spawnCommand(inContainer(...healthOf(image)))));
    const moot = (...words: string[]): string =>
      once0(inContainer(...entry, ...words, '--tls-ca', '/certs/cert.pem', '--registry', server)).trim();
    tell('join', moot('join', server, '--as', 'ada'));
    tell('publish', moot('publish', server, '--topic', 'town', '--body', 'From a container.', '--key', 'one'));
    const found = moot('query', server, '--topic', 'town');
    if (!found.includes('From a container.')) throw new Error(`it does not have what was published:\n${found}`);
    tell('query', found.replace(/\s*\n\s*/g, ' | '));
    tell('its user', once0(inContainer('id', '-un')).trim());
    const startMs = Date.now();
    const status = await container.stop((image.says.get('STOPSIGNAL') ?? 'SIGTERM') as NodeJS.Signals);
    if (status !== 0) throw new Error(`it ended with ${status}: ${container.log()}`);
    tell('ended with 0', `${Date.now() - startMs} ms after ${image.says.get('STOPSIGNAL')}`);
  } finally {
    container.child.kill('SIGKILL');
  }
  for (const name of ['/moot', '/moot/node_modules', '/moot/dist']) {
    const [mebibytes = ''] = once0(['du', '-sm', join(image.root, name)]).split('\t');
    tell('size', `${mebibytes} MiB in ${name}`);
  }
}

function tell(what: string, text = ''): void {
  process.stdout.write(`${what}: ${text}\n`);
}

/** What follows the image's name where README runs it. */
function readmeArguments(): readonly string[] {
  const text = readFileSync('README.md', 'utf8').replace(/\\\n\s*/g, '');
  const [, words] = /^\$? ?docker run .*? moot (server .*)$/m.exec(text) ?? [];
  if (words === undefined) throw new Error('README does not run the image');
  return words.split(/\s+/);
}

function makeCertificate({ root, user }: Image, folder: string): void {
  const certs = join(folder, 'certs');
  const names = ['-subj', '/CN=hamlet.example', '-addext', 'subjectAltName=DNS:hamlet.example'];
  mkdirSync(certs);
  once0([
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    ...names,
    '-keyout',
    join(certs, 'key.pem'),
    '-out',
    join(certs, 'cert.pem'),
  ]);
  mkdirSync(join(root, 'certs'));
  execFileSync('cp', ['-r', certs, root]);
  once0(['chroot', root, 'chown', '-R', user, '/certs']);
}

function healthOf({ says }: Image): readonly string[] {
  const [, command = ''] = / CMD (.*)$/.exec(says.get('HEALTHCHECK') ?? '') ?? [];
  return commandOf(command);
}

interface Container {
  readonly child: ChildProcess;
  /** The first line on its standard output. */
  readonly ready: Promise<string>;
  readonly log: () => string;
  /** The words that run `command` beside it, as `docker exec` does. */
  exec(command: readonly string[]): readonly string[];
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** With processes and a network of its own, in which it is the first process, as in a container. */
function startContainer(command: readonly string[]): Container {
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child'];
  const child = spawn('unshare', [...namespaces, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...command]);
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  const ended = once(child, 'exit').then(([status]) => status as number | null);
  const first = (): string => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
  const ready = Promise.race([
    once(child.stdout, 'data').then(([line]) => String(line).trim()),
    ended.then((status) => Promise.reject(new Error(`it ended with ${status}: ${text}`))),
  ]);
  return {
    child,
    ready,
    log: () => text.slice(-2000),
    exec: (words) => ['nsenter', '--target', first(), '--mount', '--net', '--pid', ...words],
    stop: (signal) => {
      process.kill(Number(first()), signal);
      return Promise.race([ended, pause(graceMs, null, { ref: false })]);
    },
  };
}

async function healthy(check: () => number | null): Promise<string> {
  const startMs = Date.now();
  while (check() !== 0) {
    if (Date.now() - startMs > healthMs) throw new Error('its health check does not pass');
    await pause(250);
  }
  return `after ${Date.now() - startMs} ms`;
}

function spawnCommand([program = '', ...args]: readonly string[]): number | null {
  return spawnSync(program, args, { timeout: graceMs }).status;
}

/** @returns what it wrote. @throws Error unless it ends with 0. */
function once0([program = '', ...args]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(`${program} ${args.slice(-6).join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}
