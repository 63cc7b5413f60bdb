import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Io } from '../io.js';
import { systemReason } from '../system-reason.js';
import { usage } from '../usage.js';

/** A file to import, or standard input. */
export interface Source {
  /** As messages name it. */
  readonly name: string;
  /** undefined where nobody knows: a pipe. */
  readonly bytes: number | undefined;
  open(): AsyncIterable<Uint8Array>;
}

/** @throws UsageError when a file is not there, is a folder or is empty: before anything is published. */
export async function openSources(files: readonly string[], stdin: Io['stdin']): Promise<readonly Source[]> {
  if (files.filter((file) => file === '-').length > 1) throw usage('standard input (-) is given more than once');
  return Promise.all(files.map(async (file) => (file === '-' ? standardInput(stdin) : openFile(file))));
}

function standardInput(stdin: Io['stdin']): Source {
  return { name: 'standard input', bytes: undefined, open: () => stdin };
}

async function openFile(path: string): Promise<Source> {
  const found = await stat(path).catch((cause: unknown) => {
    throw usage(`${path} cannot be read: ${systemReason(cause)}`, undefined, cause);
  });
  if (found.isDirectory()) throw usage(`${path} is a folder`, `${path}/*.ndjson`);
  if (found.isFile() && found.size === 0) throw usage(`${path} is empty`);
  return { name: path, bytes: found.isFile() ? found.size : undefined, open: () => createReadStream(path) };
}
