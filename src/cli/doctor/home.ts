import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from 'node:process';
import { systemCode } from '../../core/errors.js';
import type { Settings } from '../settings.js';
import { systemReason } from '../system-reason.js';
import { type Check, checkMode } from './check.js';
import { checkSpace } from './space.js';

/** Node, the home folder and what is kept in it. Nothing is written. */
export async function* checkHome({ home, file, environmentFault }: Settings): AsyncGenerator<Check> {
  yield checkNode(version);
  yield await checkPath('home', home, 0o700);
  yield* checkSpace(home);
  yield await checkPath('memberships', join(home, 'memberships.json'), 0o600);
  if (file.fault) yield { check: 'config', status: 'FAIL', detail: file.fault.message, hint: file.fault.hint };
  else if (file.found) yield await checkPath('config', file.path, 0o644);
  else yield { check: 'config', status: 'ok', detail: `${file.path} is not there; that is fine` };
  if (environmentFault)
    yield { check: 'environment', status: 'FAIL', detail: environmentFault.message, hint: environmentFault.hint };
  const folder = join(home, 'operators');
  for (const name of await readdir(folder).catch(() => [])) yield await checkToken(join(folder, name));
}

export function checkNode(running: string): Check {
  const [major = 0, minor = 0] = running.slice(1).split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return { check: 'node', status: 'ok', detail: running };
  return { check: 'node', status: 'FAIL', detail: `${running} is too old`, hint: 'install Node 20.19 or later' };
}

async function checkPath(check: string, path: string, wanted: number): Promise<Check> {
  try {
    return checkMode(check, path, (await stat(path)).mode, wanted, path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { check, status: 'ok', detail: `${path} is not there yet` };
    return { check, status: 'FAIL', detail: `${path}: ${systemReason(error)}`, hint: 'name another folder: --home' };
  }
}

async function checkToken(path: string): Promise<Check> {
  const mode = await checkPath('operator token', path, 0o600);
  if (mode.status !== 'ok') return mode;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (/^[\w-]{43}$/.test(text.trim())) return mode;
  return {
    ...mode,
    status: 'FAIL',
    detail: `${path} holds no token`,
    hint: 'start that server again with this --home',
  };
}
