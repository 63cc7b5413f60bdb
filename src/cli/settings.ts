import { type Command, Option } from 'commander';
import envPaths from 'env-paths';
import { parseAddress } from '../core/address.js';
import type { Io } from './io.js';
import { parseDuration } from './parse/duration.js';
import { typed } from './parse/refused.js';

/** What holds for every command, from its flags, else from the environment, else by default. */
export interface Settings {
  readonly registries: readonly string[];
  readonly home: string;
  readonly operatorToken: string | undefined;
  readonly operatorTokenFile: string | undefined;
  readonly timeoutMs: number;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly insecure: boolean;
}

interface Flags {
  readonly registry?: readonly string[];
  readonly home?: string;
  readonly operatorTokenFile?: string;
  readonly timeout: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly insecure?: boolean;
}

const defaultTimeoutMs = 5000;

/** They work before and after the name of the command. */
export function addGlobalFlags(program: Command): void {
  program
    .option(
      '--registry <address>',
      'a registry, HOST:PORT; may be given again (MOOT_REGISTRY; default localhost:50051)',
      collect,
    )
    .option('--home <folder>', 'where memberships and operator tokens are kept (MOOT_HOME)')
    .option('--operator-token-file <file>', "the file with a community's operator token (or MOOT_OPERATOR_TOKEN)")
    .addOption(
      new Option('--timeout <duration>', 'how long one call may take')
        .argParser((text) => parseDuration('--timeout', text))
        .default(defaultTimeoutMs, '5s'),
    )
    .option('--json', 'one JSON object a line on stdout, and nothing else there')
    .option('--quiet', 'on stderr only what went wrong')
    .option('--debug', 'show where an error comes from')
    .option('--insecure', 'allow tokens over plaintext to other machines');
}

/** Adds one more value to a flag that may be given again. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** @throws UsageError naming the flag, or the variable, whose value cannot be meant. */
export function readSettings(program: Command, env: Io['env']): Settings {
  const flags = program.opts<Flags>();
  return {
    registries: flags.registry ? addresses('--registry', flags.registry) : fromEnvironment(env),
    home: flags.home ?? (env.MOOT_HOME || envPaths('moot', { suffix: '' }).config),
    operatorToken: flags.operatorTokenFile === undefined ? env.MOOT_OPERATOR_TOKEN?.trim() || undefined : undefined,
    operatorTokenFile: flags.operatorTokenFile,
    timeoutMs: flags.timeout,
    json: flags.json === true,
    quiet: flags.quiet === true,
    debug: flags.debug === true,
    insecure: flags.insecure === true,
  };
}

function fromEnvironment(env: Io['env']): readonly string[] {
  const list = (env.MOOT_REGISTRY ?? '').split(/[\s,]+/).filter((address) => address !== '');
  return list.length > 0 ? addresses('MOOT_REGISTRY', list) : ['localhost:50051'];
}

function addresses(from: string, list: readonly string[]): readonly string[] {
  for (const address of list) typed(from, () => parseAddress(address, from));
  return list;
}
