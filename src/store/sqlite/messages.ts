import { type ErrorCode, isMootError, MootError } from '../../core/errors.js';
import type { ArticleKey, FindRequest, Found, Link, LogEnd, Member, StoreCounts } from '../../core/stores.js';
import type { PackedEntries } from './packed-entries.js';
import type { PackedAcks, PackedBatch } from './packed-submissions.js';

/** What the main thread asks of the writer, besides `append`. */
export interface WriterCalls {
  append(batch: PackedBatch): PackedAcks;
  /** Indexes all that was appended before the call. */
  catchUp(): void;
  addMember(member: Member): void;
  removeMember(id: string, leftAtMs: number): boolean;
  putLink(link: Link): void;
  removeLink(peer: string): boolean;
  setSetting(key: string, value: string): void;
  close(): void;
}

/** What the main thread asks of a reader. */
export interface ReaderCalls {
  find(request: FindRequest): Found;
  load(keys: readonly ArticleKey[]): PackedEntries;
  get(id: string): PackedEntries;
  read(origin: string, fromSeq: number, limit: number): PackedEntries;
  end(): LogEnd;
  counts(): StoreCounts;
  members(): Member[];
  links(): Link[];
  setting(key: string): string | undefined;
  close(): void;
}

export interface Call {
  readonly call: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type Reply = { readonly call: number } & ({ readonly result: unknown } | { readonly error: SentError });

/** What a worker says unasked: it is ready, or nothing will be acknowledged any more, or a row was damaged. */
export type Notice =
  | { readonly notice: 'ready' }
  | { readonly notice: 'failed'; readonly error: SentError }
  | { readonly notice: 'broken'; readonly error: SentError }
  | { readonly notice: 'damaged'; readonly place: number };

/** An error on its way between threads. */
export interface SentError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  readonly stack: string | undefined;
}

export function toSentError(error: unknown): SentError {
  if (isMootError(error)) {
    const cause = error.cause instanceof Error ? error.cause.message : undefined;
    return { code: error.code, message: error.message, field: error.field, hint: error.hint, stack: cause };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return { code: undefined, message: String(error), field: undefined, hint: undefined, stack };
}

/** A refusal comes back as a refusal, a bug as a bug. */
export function fromSentError({ code, message, field, hint, stack }: SentError): Error {
  if (code === undefined) return new Error(`the store failed: ${message}`, { cause: stack });
  return new MootError(code, message, {
    ...(stack === undefined ? {} : { cause: new Error(stack) }),
    ...(field === undefined ? {} : { field }),
    ...(hint === undefined ? {} : { hint }),
  });
}
