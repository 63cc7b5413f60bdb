#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import type { Io, Output } from '../cli/io.js';
import { OutputClosed } from '../cli/io.js';
import { run } from '../cli/run.js';

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
  env: process.env,
  onSignal: (listener) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
    return () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
    };
  },
  exit: (status) => process.exit(status),
};

function versionOf(manifest: URL): string {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return version;
}

// Timers inside do not keep the process alive: the run as a whole does.
const alive = setInterval(() => undefined, 2 ** 30);
const status = await run(process.argv.slice(2), io, versionOf(new URL('../../package.json', import.meta.url)));
clearInterval(alive);
process.exit(status);
