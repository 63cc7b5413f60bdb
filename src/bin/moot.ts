#!/usr/bin/env node
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Io, Output } from '../cli/io.js';
import { OutputClosed } from '../cli/io.js';
import { run } from '../cli/run.js';
import { spareMemory, spareMemoryWhileQuiet } from './spare-memory.js';

// Garbage of a moment stays in a megabyte instead of 16 a thread; and a client clears what is old before its heap grows.
setFlagsFromString('--semi-space-growth-factor=1');
if (['server', 'registry', 'demo'].some((command) => process.argv.includes(command))) spareMemoryWhileQuiet();
else spareMemory(true);

/** A stream of the process, with back-pressure, and with nobody hurt when its reader goes. */
function outputOf(stream: NodeJS.WriteStream): Output {
  let closed = false;
  stream.on('error', () => {
    closed = true;
  });
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        if (text === '') return resolve();
        if (closed) return reject(new OutputClosed());
        stream.write(text, (error) => (error ? reject(new OutputClosed()) : resolve()));
      }),
  };
}

const io: Io = {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  stdin: process.stdin,
  terminal: process.stdin.isTTY && process.stdout.isTTY ? { input: process.stdin, output: process.stdout } : undefined,
  isForeground: () => process.stdin.isTTY && process.stdout.isTTY && isForeground(),
  env: process.env,
  onSignal: (listener) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
    return () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
    };
  },
  exit: (status) => process.exit(status),
};

/** Whether the group of this process is the one that the terminal listens to. Where that cannot be found out it is not. */
function isForeground(): boolean {
  try {
    if (process.platform === 'win32') return true;
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'stat=', '-p', String(process.pid)], { encoding: 'utf8' }).includes('+');
    // proc(5): after the name in brackets come state, parent, group, session, terminal, and the terminal's group.
    const [, , group, , , terminals] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return group !== undefined && group === terminals;
  } catch {
    return false;
  }
}

function versionOf(manifest: URL): string {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return version;
}

// Timers inside do not keep the process alive: the run as a whole does.
const alive = setInterval(() => undefined, 2 ** 30);
const status = await run(process.argv.slice(2), io, versionOf(new URL('../../package.json', import.meta.url)));
clearInterval(alive);
process.exit(status);
