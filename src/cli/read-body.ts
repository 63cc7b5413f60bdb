import { createReadStream } from 'node:fs';
import { limits } from '../core/limits.js';
import type { Io } from './io.js';
import { systemReason } from './system-reason.js';
import { usage } from './usage.js';

export interface BodyFlags {
  readonly body?: string;
  readonly file?: string;
}

/**
 * The body of an article: from --body, from the file of --file, or from standard input for `-`. Nothing is trimmed.
 * @throws UsageError unless it comes from exactly one of them, can be read, and is UTF-8.
 */
export async function readBody(
  { body, file }: BodyFlags,
  dash: string | undefined,
  stdin: Io['stdin'],
): Promise<string> {
  if (dash !== undefined && dash !== '-')
    throw usage('arguments', `"${dash}" is not expected here`, `--body '${dash}'`);
  const given = [body, file, dash].filter((source) => source !== undefined);
  if (given.length !== 1) {
    const why = given.length === 0 ? 'the article has no body' : 'the body is given more than once';
    throw usage('--body', why, 'one of --body TEXT, --file FILE, or - for standard input');
  }
  if (body !== undefined) return body;
  const path = file ?? '-';
  const bytes = await collectBytes(path === '-' ? stdin : createReadStream(path), path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw usage('--body', `${named(path)} is not UTF-8 text`, undefined, cause);
  }
}

async function collectBytes(source: AsyncIterable<Uint8Array>, path: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of source) {
      parts.push(part);
      bytes += part.length;
      // Only what goes past the limit: the rest need not be read to say so.
      if (bytes > limits.bodyBytes) break;
    }
  } catch (cause) {
    throw usage('--file', `${named(path)} cannot be read: ${systemReason(cause)}`, undefined, cause);
  }
  if (bytes > limits.bodyBytes)
    throw usage('--body', `${named(path)} has more than ${limits.bodyBytes} bytes, the limit of a body`);
  return Buffer.concat(parts);
}

function named(path: string): string {
  return path === '-' ? 'standard input' : path;
}
