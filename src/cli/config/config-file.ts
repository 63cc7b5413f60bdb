import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { nearMisses } from '../../client/near-miss.js';
import { systemCode } from '../../core/errors.js';
import { systemReason } from '../system-reason.js';
import { type UsageError, usage } from '../usage.js';
import { type FileValues, fileSchema, keysIn } from './schema.js';

export interface ConfigFile {
  readonly path: string;
  readonly found: boolean;
  /** Empty when there is no file, or it is not as it should be. */
  readonly values: FileValues;
  /** What is wrong with it: the key is named, and what it may have meant. */
  readonly fault: UsageError | undefined;
}

/** Reads HOME/config.toml; a file that is not there says nothing. */
export async function readConfigFile(home: string): Promise<ConfigFile> {
  const path = join(home, 'config.toml');
  try {
    const parsed = fileSchema.safeParse(parse(await readFile(path, 'utf8')));
    if (parsed.success) return { path, found: true, values: parsed.data, fault: undefined };
    return { path, found: true, values: {}, fault: toFault(path, parsed.error) };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { path, found: false, values: {}, fault: undefined };
    const fault =
      error instanceof TomlError
        ? usage(`${path}:${error.line}:${error.column} is not TOML`, 'key = "value", as in timeout = "5s"', error)
        : usage(`${path} cannot be read: ${systemReason(error)}`, `mv ${path} ${path}.old`, error);
    return { path, found: true, values: {}, fault };
  }
}

function toFault(path: string, { issues }: z.ZodError): UsageError {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys') {
    const table = issue.path.map(String);
    const [key = ''] = issue.keys;
    const known = keysIn(table);
    const near = nearMisses(key, known)[0];
    const which = [...table, key].join('.');
    return usage(`${path} has the key "${which}", which moot does not know`, near ?? `one of ${known.join(', ')}`);
  }
  const key = issue?.path.map(String).join('.') ?? '';
  if (key === 'registry')
    return usage(`${path}: registry is the table of \`moot registry\``, 'registries = ["localhost:50051"]');
  return usage(`${path}: ${key} has a value it cannot have: ${issue?.message ?? 'it is not understood'}`);
}
