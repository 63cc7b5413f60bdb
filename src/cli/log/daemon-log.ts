import type { Log } from '../../app/config.js';
import type { Session } from '../session.js';
import type { LogFlags } from './log-flags.js';

export type LogEvent = Parameters<Log>[0];
export type Level = LogEvent['level'];

/** Where lines go while a console stands on the terminal. */
export interface Lines {
  print(text: string): Promise<void>;
}

/** All that a program which stays says on stderr once it runs. */
export interface DaemonLog {
  note(event: LogEvent): void;
  /** A signal has come: it ends what it does. */
  stopping(): Promise<void>;
  /** It cannot run, or cannot run on. @returns the exit status. */
  fail(error: unknown): Promise<number>;
  writeTo(lines: Lines | undefined): void;
}

const order: readonly Level[] = ['debug', 'info', 'warn', 'error'];

/**
 * From which level on something is said: --log-level, else what is wrong; what happens with --verbose, every call with --debug.
 * With --quiet only what is wrong, whatever else is asked for.
 */
export function levelsOf({ settings: { debug, quiet } }: Session, { logLevel, verbose }: LogFlags): readonly Level[] {
  const asked = logLevel === undefined ? [] : order.slice(order.indexOf(logLevel));
  const byDefault: readonly Level[] = [...(debug ? ['debug' as const] : []), ...(verbose ? ['info' as const] : [])];
  const levels = logLevel === undefined ? [...byDefault, 'warn' as const, 'error' as const] : asked;
  return quiet ? levels.filter((level) => level === 'warn' || level === 'error') : levels;
}
