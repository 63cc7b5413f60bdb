import { types } from 'node:util';
import { codeOf, type ErrorCode, isMootError, systemCode } from '../core/errors.js';
import { oneLine } from './render/plain.js';
import { UsageError } from './usage.js';

/** What scripts see: the table in CLI.md. */
export const exit = { done: 0, failed: 1, usage: 2, damaged: 65, disk: 74, later: 75, interrupted: 130 } as const;

export interface Failure {
  readonly status: number;
  /** For people, on stderr: `moot: WHAT FAILED: WHY`, and where there is one a line that says what to try. */
  readonly text: string;
  /** The same for scripts, who ask with --json: one object on one line. */
  readonly line: string;
  readonly said: Said;
  /** With --debug. */
  readonly stack: string | undefined;
}

/** How a command ends that did not do what it was asked. `doing` is what failed, as in `cannot publish to Hamlet`. */
export function toFailure(error: unknown, doing: string | undefined, debug: boolean): Failure {
  const code: Said['code'] = error instanceof UsageError ? 'usage' : codeOf(error);
  const refusal = error instanceof UsageError || isMootError(error) ? error : undefined;
  const why = types.isNativeError(error) ? error.message : String(error);
  const unknown = debug ? undefined : 'the same again with --debug, which shows where';
  const hint = refusal ? refusal.hint : unknown;
  const said = { code, field: refusal?.field, message: doing === undefined ? why : `${doing}: ${why}`, hint };
  const stack = debug ? stackOf(error) : undefined;
  const status =
    code === 'usage' ? exit.usage : code === 'damaged' ? exit.damaged : isOfDisk(error) ? exit.disk : exit.failed;
  const text = `${inWords(said)}${stack === undefined ? '' : `${stack}\n`}`;
  return { status, text, line: errorLine(said, stack), said, stack };
}

/** How it is said, without ending the command: a sentence, or with --json an object. */
export function sayFailure(
  { debug, json }: { readonly debug: boolean; readonly json: boolean },
  error: unknown,
  doing?: string,
): string {
  const { text, line } = toFailure(error, doing, debug);
  return json ? line : text;
}

/** A read, a write or a sync that the disk refused; a disk that is full, or may not be written, is another matter. */
function isOfDisk(error: unknown): boolean {
  if (/^(EIO|SQLITE_IOERR.*)$/.test(systemCode(error))) return true;
  return types.isNativeError(error) && error.cause !== undefined && isOfDisk(error.cause);
}

export interface Said {
  readonly code: ErrorCode | 'usage';
  readonly field?: string | undefined;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What went wrong, as --json prints it on stderr. `stack` comes with --debug only. */
export function errorLine({ code, field = '', message, hint = '' }: Said, stack?: string): string {
  const error = { code, field: field || null, message: oneLine(message), try: oneLine(hint) || null, stack };
  return `${JSON.stringify({ error })}\n`;
}

function inWords({ message, hint }: Said): string {
  return `moot: ${oneLine(message)}\n${hint === undefined ? '' : `try: ${oneLine(hint)}\n`}`;
}

function stackOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
