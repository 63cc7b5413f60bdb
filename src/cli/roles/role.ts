import type { Community } from '../../client/index.js';
import { parseAddress } from '../../core/address.js';
import { sleep, systemClock } from '../../core/clock.js';
import { codeOf, isMootError } from '../../core/errors.js';
import { parseName } from '../../core/name.js';
import { exit, sayFailure } from '../failure.js';
import { loginName, memberAs } from '../live/member-as.js';
import { openTyping, type Typing } from '../live/typing.js';
import { typed } from '../parse/refused.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage.js';
import { type CommandFile, type FileCommand, readCommandFile } from './command-file.js';
import type { RoleFlags } from './role-flags.js';
import type { Command, Role, TimedCommand } from './timed-command.js';

/** What a role does with its commands. */
export interface Acting {
  /** @throws MootError what the community says against it. */
  run(command: Command): Promise<void>;
  /** A typed line. @returns undefined for one that means nothing. @throws UsageError. */
  parse(line: string): TimedCommand | undefined;
  close(): Promise<void>;
}

export interface RoleParts {
  readonly community: Community;
  readonly typing: Typing;
  /** undefined: none was given. */
  readonly file: CommandFile | undefined;
}

/** Runs the commands of the file, each so long after the one before, then what is typed, until `quit`. */
export async function runRole(
  session: Session,
  role: Role,
  flags: RoleFlags,
  prompt: string,
  begin: (parts: RoleParts) => Promise<Acting>,
): Promise<void> {
  const host = flags.host.includes(':') && !flags.host.startsWith('[') ? `[${flags.host}]` : flags.host;
  const address = `${host}:${flags.port}`;
  typed('--host and --port', () => parseAddress(address, '--host and --port'));
  const id = flags.id ?? loginName('-i NAME');
  typed('--id', () => parseName(id, '--id'));
  const file = flags.file === undefined ? undefined : await readCommandFile(flags.file, role);
  if (flags.ownPort !== undefined)
    await session.note('-r is not needed: the community answers on the same connection\n');
  session.doing = `cannot run the ${role} ${id} at ${address}`;
  const fault = async (place: string, error: unknown): Promise<void> => {
    if (flags.strict) session.status = exit.failed;
    await typing.complain(sayFailure(session.settings, error, place));
  };
  const { community } = await memberAs(session, address, id);
  const typing = openTyping(session, { prompt, outlivesInput: role === 'subscriber' });
  try {
    for (const { place, why } of file?.invalid ?? []) await fault(`${place}: skipped`, why);
    const acting = await begin({ community, typing, file });
    try {
      const isOver = await runFile(file?.commands ?? [], acting, typing.signal, fault);
      if (!isOver) await runTyped(session, acting, typing);
    } finally {
      await acting.close();
    }
  } catch (error) {
    if (!typing.signal.aborted || codeOf(error) !== 'cancelled') throw error;
  } finally {
    typing.close();
  }
  if (typing.signal.aborted) session.status = exit.interrupted;
}

/** @returns whether it was told to quit. */
async function runFile(
  commands: readonly FileCommand[],
  acting: Acting,
  signal: AbortSignal,
  fault: (place: string, error: unknown) => Promise<void>,
): Promise<boolean> {
  let dueMs = systemClock.monotonic();
  for (const { afterMs, command, place } of commands) {
    dueMs += afterMs;
    await sleep(systemClock, dueMs - systemClock.monotonic(), signal);
    if (signal.aborted) return true;
    if (command.verb === 'quit') return true;
    try {
      await acting.run(command);
    } catch (error) {
      if (!isMootError(error) || signal.aborted) throw error;
      await fault(place, error);
    }
  }
  return false;
}

async function runTyped(session: Session, acting: Acting, typing: Typing): Promise<void> {
  for await (const line of typing) {
    try {
      const meant = acting.parse(line);
      if (!meant) continue;
      if (meant.command.verb === 'quit') return;
      if (meant.afterMs > 0) await sleep(systemClock, meant.afterMs, typing.signal);
      if (typing.signal.aborted) return;
      await acting.run(meant.command);
    } catch (error) {
      if (!(error instanceof UsageError) && (!isMootError(error) || typing.signal.aborted)) throw error;
      await typing.complain(sayFailure(session.settings, error));
    }
  }
}
