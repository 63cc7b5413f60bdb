import { type ErrorCode, isMootError, MootError } from '../core/errors.js';
import type { Problem } from './api.js';

/** Complete by type: a new code does not compile until it has its row. */
const statusOf: Readonly<Record<ErrorCode, number>> = {
  invalid: 400,
  not_found: 404,
  already_exists: 409,
  unauthenticated: 401,
  denied: 403,
  full: 429,
  unavailable: 503,
  timed_out: 504,
  gone: 410,
  damaged: 502,
  cancelled: 503,
  unimplemented: 501,
  internal: 500,
};

export interface Refusal {
  readonly status: number;
  readonly problem: Problem;
}

/** How anything that was thrown is told. Only the text of a MootError is: what a bug says is for the log. */
export function toRefusal(error: unknown): Refusal {
  const refused = isMootError(error)
    ? error
    : (fromHttp(error) ?? new MootError('internal', 'the gateway failed here'));
  const { code, message, field = null, hint = null, retryAfterMs = null } = refused;
  const status = (isMootError(error) ? undefined : httpStatus(error)) ?? statusOf[code];
  return { status, problem: { code, message, field, hint, retryAfterMs } };
}

/** What the HTTP server itself refuses: a body that is too large, no JSON, of another type. */
function fromHttp(error: unknown): MootError | undefined {
  const status = httpStatus(error);
  if (status === undefined) return undefined;
  if (status === 413) return new MootError('invalid', 'the request is too large', { field: 'body' });
  if (status === 415) return new MootError('invalid', 'only application/json is taken', { field: 'body' });
  return new MootError('invalid', 'the request cannot be read', { field: 'body' });
}

function httpStatus(error: unknown): number | undefined {
  const status: unknown =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
