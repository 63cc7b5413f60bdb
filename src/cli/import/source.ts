import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Io } from '../io.js';
import { systemReason } from '../system-reason.js';
import { usage } from '../usage.js';
import { type Format, formatOf, headBytes } from './format.js';
import { peek } from './peek.js';

/** A file to import, or standard input. */
export interface Source {
  /** As messages name it. */
  readonly name: string;
  /** undefined where nobody knows: a pipe. */
  readonly bytes: number | undefined;
  readonly format: Format;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * @param format what they are; undefined: each says so itself.
 * @throws UsageError when a file is not there, or is a folder: before anything is published.
 */
export async function openSources(
  files: readonly string[],
  stdin: Io['stdin'],
  format: Format | undefined,
): Promise<readonly Source[]> {
  if (files.filter((file) => file === '-').length > 1)
    throw usage('FILE', 'standard input (-) is given more than once');
  return Promise.all(
    files.map(async (file) => (file === '-' ? ofStream('standard input', stdin, format) : openFile(file, format))),
  );
}

async function openFile(path: string, format: Format | undefined): Promise<Source> {
  const unreadable = (cause: unknown): never => {
    throw usage('FILE', `${path} cannot be read: ${systemReason(cause)}`, undefined, cause);
  };
  const found = await stat(path).catch(unreadable);
  if (found.isDirectory()) throw usage('FILE', `${path} is a folder`, `${path}/*.ndjson`);
  // A pipe that has a name can be read once.
  if (!found.isFile()) return ofStream(path, createReadStream(path), format).catch(unreadable);
  const known = format ?? formatOf(path, await headOf(path).catch(unreadable));
  return { name: path, bytes: found.size, format: known, open: () => createReadStream(path) };
}

async function ofStream(name: string, stream: AsyncIterable<Uint8Array>, format: Format | undefined): Promise<Source> {
  if (format) return { name, bytes: undefined, format, open: () => stream };
  const { head, all } = await peek(stream, headBytes);
  return { name, bytes: undefined, format: formatOf(name, head), open: () => all };
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
