import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { systemCode } from '../../core/errors.js';
import { nearMisses } from '../../core/near-miss.js';
import { systemReason } from '../system-reason.js';
import { type UsageError, usage } from '../usage.js';
import { configured } from './layers.js';
import type { FileValues } from './schema.js';

export interface ConfigFile {
  readonly path: string;
  readonly found: boolean;
  /** Empty when there is no file, or it is not as it should be. */
  readonly values: FileValues;
  /** What is wrong with it: the key is named, and what it may have meant. */
  readonly fault: UsageError | undefined;
}

type Schema = Pick<typeof import('./schema.js'), 'keysIn' | 'kindAt'>;

/** Reads HOME/config.toml; a file that is not there says nothing. */
export async function readConfigFile(home: string): Promise<ConfigFile> {
  const path = join(home, 'config.toml');
  let written: string;
  try {
    written = await readFile(path, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { path, found: false, values: {}, fault: undefined };
    const fault = usage('config', `${path} cannot be read: ${systemReason(error)}`, `mv ${path} ${path}.old`, error);
    return { path, found: true, values: {}, fault };
  }
  return await parseConfig(path, written);
}

async function parseConfig(path: string, written: string): Promise<ConfigFile> {
  // Loaded here alone: most homes have no such file, and what judges it is long to load.
  const [{ parse, TomlError }, { fileSchema, keysIn, kindAt }] = await Promise.all([
    import('smol-toml'),
    import('./schema.js'),
  ]);
  try {
    const values = parse(written);
    const parsed = fileSchema.safeParse(values);
    if (parsed.success) return { path, found: true, values: parsed.data, fault: undefined };
    return { path, found: true, values: {}, fault: toFault(path, values, parsed.error, { keysIn, kindAt }) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const fault = usage(
      'config',
      `${path}:${error.line}:${error.column} is not TOML`,
      'key = "value", as in timeout = "5s"',
      error,
    );
    return { path, found: true, values: {}, fault };
  }
}

function toFault(file: string, values: unknown, { issues }: z.ZodError, { keysIn, kindAt }: Schema): UsageError {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys') {
    const table = issue.path.map(String);
    const [key = ''] = issue.keys;
    const known = keysIn(table);
    const near = nearMisses(key, known)[0] ?? elsewhere(key, table, keysIn);
    const which = [...table, key].join('.');
    return usage(
      which,
      `${file} has the key "${which}", which moot does not know`,
      near ?? `one of ${known.join(', ')}`,
    );
  }
  const path = issue?.path.slice(0, 2) ?? [];
  if (path[0] === 'registry' && path.length === 1)
    return usage('registry', `${file}: registry is the table of \`moot registry\``, 'registries = ["localhost:50051"]');
  const key = path.map(String).join('.');
  const { kind, example } = kindAt(path);
  const found = path.reduce<unknown>((table, name) => (isTable(table) ? table[String(name)] : undefined), values);
  return usage(key, `${file}: ${key} is ${described(found)}; it takes ${kind}`, `${key} = ${example}`);
}

/** A key of a table that stands above the tables, or the other way round. */
function elsewhere(key: string, [table]: readonly string[], keysIn: Schema['keysIn']): string | undefined {
  if (table !== undefined) {
    const [near] = nearMisses(key, keysIn([]));
    return near && `${near}, above the tables`;
  }
  const near = configured.flatMap((one) =>
    nearMisses(key, keysIn([one]))
      .slice(0, 1)
      .map((found) => `${one}.${found}`),
  );
  return near.length === 0 ? undefined : near.join(' or ');
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands in the file, as one would say it. */
function described(value: unknown): string {
  if (value === '') return 'empty';
  if (typeof value === 'string') return `the text "${value}"`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `the list ${JSON.stringify(value)}`;
  if (value instanceof Date) return `the date ${value.toISOString()}`;
  return isTable(value) ? 'a table' : typeof value === 'number' ? `the number ${value}` : String(value);
}
