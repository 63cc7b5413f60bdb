import { types } from 'node:util';
import { isMootError, type MootError } from '../core/errors.js';
import { oneLine } from './render/plain.js';
import { UsageError } from './usage.js';

/** What scripts see: the table in CLI.md. */
export const exit = { done: 0, failed: 1, usage: 2, damaged: 65, disk: 74, interrupted: 130 } as const;

export interface Failure {
  readonly status: number;
  /** For stderr, each ending with a line break. */
  readonly text: string;
}

/**
 * How a command ends that did not do what it was asked: `moot: WHAT FAILED: WHY`, and where there is one a line that
 * says what to try. `doing` is what failed, as in `cannot publish to Hamlet`.
 */
export function toFailure(error: unknown, doing: string | undefined, debug: boolean): Failure {
  const stack = debug ? `${stackOf(error)}\n` : '';
  const what = doing === undefined ? '' : `${doing}: `;
  if (error instanceof UsageError) return { status: exit.usage, text: lines(what + error.message, error.hint) + stack };
  if (isMootError(error)) return { status: statusOf(error), text: lines(what + error.message, error.hint) + stack };
  const why = types.isNativeError(error) ? error.message : String(error);
  const hint = debug ? undefined : 'the same again with --debug, which shows where';
  return { status: exit.failed, text: lines(what + why, hint) + stack };
}

function statusOf(error: MootError): number {
  return error.code === 'damaged' ? exit.damaged : exit.failed;
}

function lines(what: string, hint: string | undefined): string {
  return `moot: ${oneLine(what)}\n${hint === undefined ? '' : `try: ${oneLine(hint)}\n`}`;
}

function stackOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
