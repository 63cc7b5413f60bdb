import { type Command, CommanderError, type OptionValues } from 'commander';
import { codeOf } from '../core/errors.js';
import { fromCommander } from './commander-error.js';
import { whereSaid } from './config/layers.js';
import { exit, toFailure } from './failure.js';
import { type Io, OutputClosed } from './io.js';
import { createProgram } from './program.js';
import { Session } from './session.js';
import { readSettings } from './settings.js';
import { UsageError, usage } from './usage.js';
import type { Runner } from './verb.js';

/**
 * One run of `moot` with the words after its name.
 * @returns the exit status; what went wrong has then been said on stderr. The first Ctrl-C ends what the command does, a
 * second one everything, at once.
 */
export async function run(argv: readonly string[], io: Io, version: string): Promise<number> {
  const interrupted = new AbortController();
  const unhook = io.onSignal(() => (interrupted.signal.aborted ? io.exit(exit.interrupted) : interrupted.abort()));
  const printed: string[] = [];
  let session: Session | undefined;
  const runner: Runner = (work) =>
    async function action(this: Command) {
      const settings = await readSettings(this, io.env, this.name() === 'doctor');
      session = new Session(this.name(), io, settings, interrupted.signal, version);
      try {
        await work(session, this.opts<Parameters<typeof work>[1] & OptionValues>(), ...this.args);
      } catch (error) {
        throw withSource(error, this);
      }
    };
  const program = createProgram({ version, runner, print: (text) => printed.push(text) });
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: 'user' });
    await io.stdout.write(printed.join(''));
    return session?.status ?? exit.done;
  } catch (error) {
    if (error instanceof OutputClosed) return exit.done;
    if (error instanceof CommanderError && error.exitCode === 0) return await printOnly(io, printed);
    if (interrupted.signal.aborted && codeOf(error) === 'cancelled') return exit.interrupted;
    const doing = session?.doing ?? commandOf(program, argv);
    const failure = toFailure(
      error instanceof CommanderError ? fromCommander(error, doing, namesOf(program)) : error,
      doing,
      argv.includes('--debug'),
    );
    const json = session?.settings.json ?? asksForJson(argv, io.env);
    await io.stderr.write(json ? failure.line : failure.text).catch(() => undefined);
    return failure.status;
  } finally {
    unhook();
    await session?.close();
  }
}

/** What is wrong with a value is said with the name under which it was written down. */
function withSource(error: unknown, command: Command): unknown {
  const where = error instanceof UsageError ? whereSaid(command, error.field) : undefined;
  if (where === undefined || !(error instanceof UsageError)) return error;
  return usage(where, `${where}: ${error.message}`, error.hint, error);
}

async function printOnly(io: Io, printed: readonly string[]): Promise<number> {
  await io.stdout.write(printed.join('')).catch(() => undefined);
  return exit.done;
}

function commandOf(program: Command, argv: readonly string[]): string | undefined {
  const names = new Set(program.commands.map((command) => command.name()));
  return argv.find((word) => names.has(word));
}

/** Of the commands that help lists. */
function namesOf(program: Command): readonly string[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
}

/** Whether a script reads along, when the settings could not be read. */
function asksForJson(argv: readonly string[], { MOOT_JSON }: Io['env']): boolean {
  const end = argv.indexOf('--');
  return MOOT_JSON === 'true' || MOOT_JSON === '1' || argv.slice(0, end === -1 ? undefined : end).includes('--json');
}
