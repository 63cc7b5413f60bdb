import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is put before the machine's own lines: the user of the base image, and where the name in README's example leads to. */
const lines: Readonly<Record<string, string>> = {
  passwd: 'node:x:1000:1000::/home/node:/bin/sh\n',
  group: 'node:x:1000:\n',
  hosts: '127.0.0.1 hamlet.example\n',
};
const nodePrefix = dirname(dirname(process.execPath));
/** What the base image has: its own programs go before those of the system. */
export const path = '/usr/local/sbin:/usr/local/bin:/base/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A root of its own at `root`, like that of the base image: this machine's system, read-only, its Node, and the user `node`. */
export function makeBase(root: string): void {
  for (const name of ['usr', 'etc', 'dev', 'proc', 'base', 'tmp', 'root', 'home/node'])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) linkOrBind(`/${name}`, join(root, name));
  bind('/usr', join(root, 'usr'));
  bind('/etc', join(root, 'etc'));
  bind(nodePrefix, join(root, 'base'));
  mount('--bind', '/dev', join(root, 'dev'));
  mount('-t', 'proc', 'proc', join(root, 'proc'));
  // What npm has fetched before, as a cache of the build.
  const cache = execFileSync('npm', ['config', 'get', 'cache'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  mkdirSync(cache, { recursive: true });
  mkdirSync(join(root, 'root/.npm'));
  mount('--bind', cache, join(root, 'root/.npm'));
  const local = `${root}.local`;
  mkdirSync(join(local, 'bin'), { recursive: true });
  mount('--bind', local, join(root, 'usr/local'));
  execFileSync('chmod', ['1777', join(root, 'tmp')]);
  for (const [name, line] of Object.entries(lines)) {
    const own = `${root}.${name}`;
    writeFileSync(own, line + readFileSync(`/etc/${name}`, 'utf8'));
    mount('--bind', own, join(root, 'etc', name));
  }
}

function linkOrBind(from: string, to: string): void {
  const found = lstatSync(from, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (found) {
    mkdirSync(to);
    bind(from, to);
  }
}

function bind(from: string, to: string): void {
  mount('--bind', from, to);
  mount('-o', 'remount,ro,bind', to);
}

function mount(...words: string[]): void {
  execFileSync('mount', words, { stdio: ['ignore', 'inherit', 'inherit'] });
}
