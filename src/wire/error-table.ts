import { Metadata, status } from '@grpc/grpc-js';
import { type ErrorCode, isMootError, MootError } from '../core/errors.js';
import type { Refusal } from '../core/peering.js';

/** Complete by type: a new code does not compile until it has its row. */
const statusOf: Readonly<Record<ErrorCode, status>> = {
  invalid: status.INVALID_ARGUMENT,
  not_found: status.NOT_FOUND,
  already_exists: status.ALREADY_EXISTS,
  unauthenticated: status.UNAUTHENTICATED,
  denied: status.PERMISSION_DENIED,
  full: status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
  timed_out: status.DEADLINE_EXCEEDED,
  gone: status.OUT_OF_RANGE,
  damaged: status.DATA_LOSS,
  cancelled: status.CANCELLED,
  unimplemented: status.UNIMPLEMENTED,
  internal: status.INTERNAL,
};

/** What a status means that came without our trailers. */
const meanings = new Map<status, readonly [ErrorCode, string]>([
  [status.INVALID_ARGUMENT, ['invalid', 'the server refused a value of the request']],
  [status.FAILED_PRECONDITION, ['invalid', 'the server cannot do that in its present state']],
  [status.NOT_FOUND, ['not_found', 'the server has no such thing']],
  [status.ALREADY_EXISTS, ['already_exists', 'the server has that already']],
  [status.UNAUTHENTICATED, ['unauthenticated', 'the server does not know the caller']],
  [status.PERMISSION_DENIED, ['denied', 'the server does not allow that']],
  [status.RESOURCE_EXHAUSTED, ['full', 'the server is full, or the message is too large']],
  [status.UNAVAILABLE, ['unavailable', 'the server cannot be reached']],
  [status.ABORTED, ['unavailable', 'the server broke the call off']],
  [status.DEADLINE_EXCEEDED, ['timed_out', 'the server did not answer in time']],
  [status.OUT_OF_RANGE, ['gone', 'the server has that no longer']],
  [status.DATA_LOSS, ['damaged', 'the data is damaged']],
  [status.CANCELLED, ['cancelled', 'the call was cancelled']],
  [status.UNIMPLEMENTED, ['unimplemented', 'the server does not know this call']],
]);

export interface Status {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The trailer by which any gRPC server says when to try again, in ms. */
const pushback = 'grpc-retry-pushback-ms';
const longest = { message: 1000, hint: 500, field: 64, foreign: 200 };

/** How anything that was thrown goes over the wire. Only the text of a MootError does: what a bug says is for the log. */
export function toStatus(error: unknown): Status {
  const metadata = new Metadata();
  const refusal = isMootError(error) && error.code in statusOf ? error : new MootError('internal', 'internal error');
  metadata.set('moot-code', refusal.code);
  if (refusal.field !== undefined) metadata.set('moot-field', toHeader(refusal.field.slice(0, longest.field)));
  if (refusal.hint !== undefined) metadata.set('moot-hint', toHeader(refusal.hint.slice(0, longest.hint)));
  if (refusal.refusal !== undefined) metadata.set('moot-refusal', refusal.refusal);
  if (refusal.retryAfterMs !== undefined) metadata.set(pushback, String(Math.ceil(refusal.retryAfterMs)));
  const details = refusal.message.slice(0, longest.message).toWellFormed();
  return { code: statusOf[refusal.code], details, metadata };
}

/**
 * What a failed call means to its caller. Exact when the other side spoke of a MootError; else a sentence of ours.
 * Nothing of the other side's text is longer than we send, nor holds control characters.
 */
export function fromServiceError(error: unknown): MootError {
  if (isMootError(error)) return error;
  if (!isServiceError(error)) return new MootError('internal', 'the call failed in this program', { cause: error });
  const code = headerOf(error, 'moot-code');
  if (isErrorCode(code) && statusOf[code] === error.code) {
    const field = headerOf(error, 'moot-field');
    const hint = headerOf(error, 'moot-hint');
    const refusal = headerOf(error, 'moot-refusal');
    const retryAfterMs = waitOf(headerOf(error, pushback));
    return new MootError(code, clean(error.details, longest.message), {
      cause: error,
      ...(field === undefined ? {} : { field: clean(field, longest.field) }),
      ...(hint === undefined ? {} : { hint: clean(hint, longest.hint) }),
      ...(isRefusal(refusal) ? { refusal } : {}),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  // A connection that has reached its age, or its server its end, takes its calls with it.
  if (error.code === status.INTERNAL && /^Received RST_STREAM with code 0 /.test(error.details))
    return new MootError('unavailable', 'the connection ended before the call did', { cause: error });
  const [meant, sentence] = meanings.get(error.code) ?? ['internal', 'the server failed'];
  const said = isOwnTransport(error.code) ? '' : clean(error.details, longest.foreign);
  return new MootError(meant, said === '' ? sentence : `${sentence} (${said})`, { cause: error });
}

/**
 * What a failed call says of another server that should know better: a message that cannot be read, or that is larger than we
 * read, is its fault, and so is one of its bugs. grpc-js gives the larger one the status that a server which is full gives; only the
 * text is another. Our requests to servers are small: it is the answer that was too large.
 */
export function faultOfServer(error: MootError): MootError {
  const { cause, message, code } = error;
  if (code === 'internal') return new MootError('damaged', message, { cause });
  const isTooLarge =
    code === 'full' && isServiceError(cause) && /^Received message larger than max/.test(cause.details);
  return isTooLarge ? new MootError('damaged', 'the server sent a message larger than 1 MiB', { cause }) : error;
}

/** What grpc-js says by itself when a call gets nowhere is for the log (it is the cause), not for people. */
function isOwnTransport(code: status): boolean {
  return [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED].includes(code);
}

export function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && Object.hasOwn(statusOf, code);
}

function isRefusal(word: string | undefined): word is Refusal {
  return word === 'waiting' || word === 'silenced' || word === 'denied';
}

/** A day at most: whoever says more is not waited for. */
function waitOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,8}$/.test(text) ? Math.min(Number(text), 86_400_000) : undefined;
}

interface ForeignError {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

function isServiceError(error: unknown): error is ForeignError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'number' &&
    'details' in error &&
    typeof error.details === 'string' &&
    'metadata' in error &&
    error.metadata instanceof Metadata
  );
}

function headerOf(error: ForeignError, name: string): string | undefined {
  const [value] = error.metadata.get(name);
  return typeof value === 'string' ? fromHeader(value) : undefined;
}

/** Trailers carry ASCII only: everything else, and `%`, is percent-encoded. */
function toHeader(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent);
}

function fromHeader(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function clean(text: string, most: number): string {
  const one = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return one.length > most ? `${one.slice(0, most - 1).toWellFormed()}…` : one;
}
