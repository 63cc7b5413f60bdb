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
  return optionsOf(command).map((option) => applyOne(command, option, placeOf(command, option, file), env, file));
}

/** The flags that hold something. */
export function optionsOf(command: Command): readonly Option[] {
  return command.options.filter(({ long }) => long !== '--version' && long !== '--help');
}

function applyOne(command: Command, option: Option, place: Place, env: Io['env'], file: ConfigFile): InForce {
  const { key, variable, value } = place;
  const attribute = option.attributeName();
  const source = command.getOptionValueSource(attribute);
  if (source === 'cli') return { key, value: command.getOptionValue(attribute), from: `--${option.name()}` };
  const said = env[variable];
  if (said !== undefined && said.trim() !== '') {
    command.setOptionValueWithSource(attribute, read(option, variable, variable, split(option, said.trim())), 'env');
    return { key, value: command.getOptionValue(attribute), from: variable };
  }
  if (value !== undefined) {
    command.setOptionValueWithSource(attribute, read(option, key, `${file.path}: ${key}`, value), 'config');
    return { key, value: command.getOptionValue(attribute), from: file.path };
  }
  return { key, value: command.getOptionValue(attribute), from: 'default' };
}

function placeOf(command: Command, option: Option, file: ConfigFile): Place {
  const name = option.name();
  const table = tableOf(command);
  const key = table ? `${table}.${name}` : name === 'registry' ? 'registries' : name;
  const values: Readonly<Record<string, unknown>> = table ? (file.values[table] ?? {}) : file.values;
  return { key, variable: variableOf(command, option), value: values[table ? name : key] };
}

/** `MOOT_TIMEOUT`, `MOOT_SERVER_MAX_MEMBERS`. */
export function variableOf(command: Command, option: Option): string {
  const table = tableOf(command);
  return `MOOT_${table ? `${table}_` : ''}${option.name()}`.toUpperCase().replaceAll('-', '_');
}

function tableOf(command: Command): (typeof configured)[number] | undefined {
  return configured.find((one) => command.parent && one === command.name());
}

/** Only what may be given again is a list. */
function split(option: Option, said: string): unknown {
  return option.name() === 'registry' ? said.split(/[\s,]+/).filter((part) => part !== '') : said;
}

/** As commander reads a flag, so that a value is good or bad wherever it comes from. */
function read(option: Option, field: string, from: string, said: unknown): unknown {
  if (option.isBoolean()) return readBoolean(field, from, said);
  const parts = Array.isArray(said) && option.name() !== 'topics' ? said : [said];
  try {
    return parts.reduce<unknown>(
      (before, part) => (option.parseArg ? option.parseArg(String(part), before) : String(part)),
      undefined,
    );
  } catch (error) {
    if (error instanceof InvalidArgumentError)
      throw usage(field, `${from} "${String(said)}": ${error.message}`, likely(field, option), error);
    if (error instanceof UsageError) throw usage(field, `${from}: ${error.message}`, error.hint, error);
    throw error;
  }
}

function likely(field: string, { argChoices: [first] = [] }: Option): string | undefined {
  return first === undefined ? undefined : `${field}=${first}`;
}

/** The variable or the key of config.toml that gave `command` the value of its flag; undefined where a flag did. */
export function whereSaid(command: Command, field: string): string | undefined {
  const option = command.options.find((one) => one.attributeName() === field);
  if (option === undefined) return undefined;
  const source = command.getOptionValueSource(field);
  if (source === 'env') return variableOf(command, option);
  return source === 'config' ? `config.toml: ${tableOf(command)}.${option.name()}` : undefined;
}

function readBoolean(field: string, from: string, said: unknown): boolean {
  if (said === true || said === 'true' || said === '1') return true;
  if (said === false || said === 'false' || said === '0') return false;
  throw usage(field, `${from} is "${String(said)}"; it is true or false`);
}
