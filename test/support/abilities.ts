import { spawnSync } from 'node:child_process';
import { it } from '@jest/globals';

/** `it` where `command` can be run here; else it is skipped, which is said on stderr, and under CI=true is a failure. */
export function itWhere(what: string, command: string, ...args: string[]): typeof it.skip {
  if (spawnSync(command, args).status === 0) return it;
  if (process.env.CI === 'true') throw new Error(`CI=true, but ${what}`);
  process.stderr.write(`SKIPPED: ${what}\n`);
  return it.skip;
}

/** Tracing another process needs strace and the right to use it. */
export const itWithTracing = itWhere(
  'a failing disk needs strace, and the right to trace',
  'strace',
  '-e',
  'trace=none',
  'true',
);

/** A small disk of its own needs the right to mount one. */
export const itWithMounting = itWhere(
  'a full disk needs the right to mount one',
  'unshare',
  '-m',
  'mount',
  '-t',
  'tmpfs',
  'tmpfs',
  '/mnt',
);

/** Where the shell finds a command; '' when it is not here. */
export function commandPath(command: string): string {
  return spawnSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).stdout.trim();
}
