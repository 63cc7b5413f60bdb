import { type Command, Option } from 'commander';
import envPaths from 'env-paths';
import { parseAddress } from '../core/address.js';
import { type ConfigFile, readConfigFile } from './config/config-file.js';
import { strangeVariable } from './config/environment.js';
import { applyLayers, configured, type InForce } from './config/layers.js';
import type { Io } from './io.js';
import { parseDuration } from './parse/duration.js';
import { typed } from './parse/refused.js';
import type { UsageError } from './usage.js';

/** What holds for every command, from its flags, else from the environment, else from config.toml in the home folder, else by default. */
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
  /** Who vouches for what is named by HOST:PORT alone; undefined: that speaks plaintext. */
  readonly tlsCaFile: string | undefined;
  /** HOME/config.toml as it was read. */
  readonly file: ConfigFile;
  /** The fault of the environment, where it was let pass. */
  readonly environmentFault: UsageError | undefined;
  readonly homeFrom: string;
  /** Where each of these comes from. */
  readonly inForce: readonly InForce[];
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
  readonly tlsCa?: string;
}

const defaultTimeoutMs = 5000;

/** They work before and after the name of the command. */
export function addGlobalFlags(program: Command): void {
  program
    .option(
      '--registry <address>',
      'a registry, HOST:PORT[#FINGERPRINT]; may be given again (MOOT_REGISTRY; default localhost:50051)',
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
    .option('--insecure', 'allow tokens over plaintext to other machines')
    .option('--tls-ca <file>', 'TLS to what is named by HOST:PORT alone, registries too: who vouches for it, in PEM');
}

/** Adds one more value to a flag that may be given again. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/**
 * Reads what holds for `command`, and gives its own options what the environment and the file say.
 * @param tolerant leaves out a file, and variables, that are not as they should be, so that this can be told with other faults.
 * @throws UsageError naming the flag, the variable or the key whose value cannot be meant.
 */
export async function readSettings(command: Command, env: Io['env'], tolerant = false): Promise<Settings> {
  const program = command.parent ?? command;
  const { home: homeFlag } = program.opts<Flags>();
  const home = homeFlag ?? (env.MOOT_HOME || envPaths('moot', { suffix: '' }).config);
  const file = await readConfigFile(home);
  const strange = strangeVariable(program, env);
  const fault = strange ?? file.fault;
  if (fault && !tolerant) throw fault;
  const inForce = applyLayers(program, env, file);
  if (isConfigured(command)) applyLayers(command, env, file);
  const flags = program.opts<Flags>();
  const registriesFrom = inForce.find(({ key }) => key === 'registries')?.from ?? '--registry';
  const tokenSaid = program.getOptionValueSource('operatorTokenFile') === 'cli' ? undefined : env.MOOT_OPERATOR_TOKEN;
  const operatorToken = tokenSaid?.trim() || undefined;
  return {
    registries: addresses(
      registriesFrom,
      registriesFrom === file.path ? 'registries' : registriesFrom,
      flags.registry ?? ['localhost:50051'],
    ),
    home,
    operatorToken,
    operatorTokenFile: operatorToken === undefined ? flags.operatorTokenFile : undefined,
    timeoutMs: flags.timeout,
    json: flags.json === true,
    quiet: flags.quiet === true,
    debug: flags.debug === true,
    insecure: flags.insecure === true,
    tlsCaFile: flags.tlsCa,
    file,
    environmentFault: strange,
    homeFrom: homeFlag !== undefined ? '--home' : env.MOOT_HOME ? 'MOOT_HOME' : 'default',
    inForce,
  };
}

function isConfigured(command: Command): boolean {
  return configured.some((name) => name === command.name());
}

function addresses(from: string, at: string, list: readonly string[]): readonly string[] {
  for (const address of list) typed(from, () => parseAddress(address, from), at);
  return list;
}
