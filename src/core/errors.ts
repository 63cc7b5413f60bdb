import type { Refusal } from './peering.js';

/** What can go wrong, as a caller sees it. `wire/error-table.ts` has the status of each. */
export type ErrorCode =
  | 'invalid'
  | 'not_found'
  | 'already_exists'
  | 'unauthenticated'
  | 'denied'
  | 'full'
  | 'unavailable'
  | 'timed_out'
  | 'gone'
  | 'damaged'
  | 'cancelled'
  | 'unimplemented'
  | 'internal';

export interface ErrorDetails {
  readonly cause?: unknown;
  /** The field of the request that was refused, in camelCase: `title`, `pageToken`. */
  readonly field?: string;
  /** What to do next: a command, or half a sentence. */
  readonly hint?: string;
  /** With what a community refuses a link; such an error is `denied`. */
  readonly refusal?: Refusal;
  /** When it makes sense to try again, in ms from now; such an error is `full`. */
  readonly retryAfterMs?: number;
}

/** A refusal: `message` is a sentence that a stranger may read. Everything else that is thrown is a bug. */
export class MootError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MootError';
    this.code = code;
    this.field = details.field;
    this.hint = details.hint;
    this.refusal = details.refusal;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** A refusal of one field of what was sent. */
export function invalid(field: string, message: string, hint?: string): MootError {
  return new MootError('invalid', message, hint === undefined ? { field } : { field, hint });
}

/** The code of anything that was thrown. Works across copies of this module, as `instanceof` does not. */
export function codeOf(error: unknown): ErrorCode {
  return isMootError(error) ? error.code : 'internal';
}

export function isMootError(error: unknown): error is MootError {
  return error instanceof Error && error.name === 'MootError' && 'code' in error;
}

/**
 * The code by which the system or a library names an error: `ENOENT`, `SQLITE_BUSY`; '' for anything else. Errors of native
 * code may come from outside this realm, where `instanceof` does not know them.
 */
export function systemCode(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
