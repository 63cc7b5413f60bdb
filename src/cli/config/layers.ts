import { type Command, InvalidArgumentError, type Option } from 'commander';
import type { Io } from '../io.js';
import { UsageError, usage } from '../usage.js';
import type { ConfigFile } from './config-file.js';

/** The flags that tables of config.toml are about. */
export const configured = ['server', 'registry', 'demo'] as const;

export interface InForce {
  readonly key: string;
  /** undefined: nothing is set. */
  readonly value: unknown;
  /** The flag, the variable or the file that says so, or `default`. */
  readonly from: string;
}

interface Place {
  readonly key: string;
  readonly variable: string;
  readonly value: unknown;
}

/**
 * Gives every option of `command` that no flag set what the environment says, else the file; a default stays where neither
 * says anything. @returns what is in force, and from where. @throws UsageError naming the variable or the key.
 */
export function applyLayers(command: Command, env: Io['env'], file: ConfigFile): readonly InForce[] {
  return command.options
    .filter(({ long }) => long !== '--version' && long !== '--help')
    .map((option) => applyOne(command, option, placeOf(command, option, file), env, file));
}

function applyOne(command: Command, option: Option, place: Place, env: Io['env'], file: ConfigFile): InForce {
  const { key, variable, value } = place;
  const attribute = option.attributeName();
  const source = command.getOptionValueSource(attribute);
  if (source === 'cli') return { key, value: command.getOptionValue(attribute), from: `--${option.name()}` };
  const said = env[variable];
  if (said !== undefined && said.trim() !== '') {
    command.setOptionValueWithSource(attribute, read(option, variable, split(option, said.trim())), 'env');
    return { key, value: command.getOptionValue(attribute), from: variable };
  }
  if (value !== undefined) {
    command.setOptionValueWithSource(attribute, read(option, `${file.path}: ${key}`, value), 'config');
    return { key, value: command.getOptionValue(attribute), from: file.path };
  }
  return { key, value: command.getOptionValue(attribute), from: 'default' };
}

function placeOf(command: Command, option: Option, file: ConfigFile): Place {
  const name = option.name();
  const table = configured.find((one) => command.parent && one === command.name());
  const key = table ? `${table}.${name}` : name === 'registry' ? 'registries' : name;
  const variable = `MOOT_${table ? `${table}_` : ''}${name}`.toUpperCase().replaceAll('-', '_');
  const values: Readonly<Record<string, unknown>> = table ? (file.values[table] ?? {}) : file.values;
  return { key, variable, value: values[table ? name : key] };
}

/** Only what may be given again is a list. */
function split(option: Option, said: string): unknown {
  return option.name() === 'registry' ? said.split(/[\s,]+/).filter((part) => part !== '') : said;
}

/** As commander reads a flag, so that a value is good or bad wherever it comes from. */
function read(option: Option, from: string, said: unknown): unknown {
  if (option.isBoolean()) return readBoolean(from, said);
  const parts = Array.isArray(said) && option.name() !== 'topics' ? said : [said];
  try {
    return parts.reduce<unknown>(
      (before, part) => (option.parseArg ? option.parseArg(String(part), before) : String(part)),
      undefined,
    );
  } catch (error) {
    if (error instanceof InvalidArgumentError)
      throw usage(`${from} "${String(said)}": ${error.message}`, undefined, error);
    if (error instanceof UsageError) throw usage(`${from}: ${error.message}`, error.hint, error);
    throw error;
  }
}

function readBoolean(from: string, said: unknown): boolean {
  if (said === true || said === 'true' || said === '1') return true;
  if (said === false || said === 'false' || said === '0') return false;
  throw usage(`${from} is "${String(said)}"; it is true or false`);
}
