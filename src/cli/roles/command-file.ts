import { readFile } from 'node:fs/promises';
import { systemReason } from '../system-reason.js';
import { UsageError, usage } from '../usage.js';
import { parseTimedCommand, type Role, type TimedCommand } from './timed-command.js';

export interface FileCommand extends TimedCommand {
  /** As messages name it: `publisher1.cmd:3`. */
  readonly place: string;
}

interface InvalidLine {
  readonly place: string;
  readonly why: UsageError;
}

export interface CommandFile {
  readonly commands: readonly FileCommand[];
  readonly invalid: readonly InvalidLine[];
}

/** A file of commands; what follows `quit` is not looked at. @throws UsageError when it cannot be read. */
export async function readCommandFile(path: string, role: Role): Promise<CommandFile> {
  const commands: FileCommand[] = [];
  const invalid: InvalidLine[] = [];
  for (const [at, line] of (await readLines(path)).entries()) {
    const place = `${path}:${at + 1}`;
    try {
      const found = parseTimedCommand(line, role, 'file');
      if (found) commands.push({ ...found, place });
      if (found?.command.verb === 'quit') break;
    } catch (why) {
      if (!(why instanceof UsageError)) throw why;
      invalid.push({ place, why });
    }
  }
  return { commands, invalid };
}

/** @throws UsageError when the file cannot be read, or is not UTF-8. */
export async function readLines(path: string): Promise<readonly string[]> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw usage('--file', `${path} cannot be read: ${systemReason(cause)}`, undefined, cause);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n/);
  } catch (cause) {
    throw usage('--file', `${path} is not UTF-8 text`, undefined, cause);
  }
}
