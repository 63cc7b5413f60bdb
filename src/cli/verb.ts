import type { Command } from 'commander';
import type { Session } from './session.js';

/** Makes of a command's work what commander calls, with the run's session first. */
export type Runner = <Flags>(
  work: (session: Session, flags: Flags, ...words: string[]) => Promise<void>,
) => (this: Command) => Promise<void>;

/** Adds one command to the program. */
export type Verb = (program: Command, runner: Runner) => void;

/** The last part of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
}
