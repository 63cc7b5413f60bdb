import type { Head } from '../../core/entry.js';
import { type ErrorCode, isMootError, MootError, systemCode } from '../../core/errors.js';
import type { ArticleRefusal, HeldArticle, HeldRequest } from '../../core/held.js';
import type { OriginId } from '../../core/ids.js';
import type { Gap, LogPlace, LogState, Retention, Retraction, Whence } from '../../core/log.js';
import type { Act, Ban, Change, HiddenArticle, Hiding, Invite, JoinRequest, NotedAct } from '../../core/moderation.js';
import type { LinkRequest, PeerLevel } from '../../core/peering.js';
import type {
  ArticleKey,
  FindRequest,
  Found,
  Link,
  LogEnd,
  Member,
  MemberEntry,
  Published,
  StoreCounts,
} from '../../core/stores.js';
import type { PackedCommits, PackedLog } from './packed-commits.js';
import type { PackedEntries } from './packed-entries.js';
import type { PackedAcks, PackedBatch } from './packed-submissions.js';

/** What the main thread asks of the writer, besides `append`. */
export interface WriterCalls {
  append(batch: PackedBatch): PackedAcks;
  /** Indexes all that was appended before the call. */
  catchUp(): void;
  /** After `catchUp`. */
  retract(retraction: Retraction, nowMs: number): Published;
  /** After `catchUp`, as well. */
  hide(hiding: Hiding): HiddenArticle;
  unhide(id: string): HiddenArticle;
  release(id: string, nowMs: number): Published;
  refuse(id: string, refusal: ArticleRefusal): HeldArticle;
  take(take: PackedTake): void;
  skip(gap: Gap, via: OriginId): void;
  noteHead(head: Head): void;
  drop(origin: OriginId): void;
  /** @returns the logs that have changed. */
  expire(retention: Retention): readonly OriginId[];
  addMember(member: Member): void;
  removeMember(id: string, leftAtMs: number): boolean;
  change(changes: readonly Change[], act?: Act): void;
  putLink(link: Link): void;
  removeLink(peer: string): boolean;
  putLevel(level: PeerLevel): void;
  changeRequests(put: readonly LinkRequest[], gone: readonly OriginId[]): void;
  setSetting(key: string, value: string): void;
  close(): void;
}

/** Mirrored commits on their way to the writer. */
export interface PackedTake {
  readonly packed: PackedCommits;
  /** For each commit. */
  readonly vias: readonly OriginId[];
}

/** What the main thread asks of a reader. */
export interface ReaderCalls {
  find(request: FindRequest): Found;
  load(keys: readonly ArticleKey[]): PackedEntries;
  get(id: string): PackedEntries;
  read(origin: string, fromSeq: number, limit: number): PackedEntries;
  end(): LogEnd;
  counts(): StoreCounts;
  logStates(): readonly LogState[];
  logState(origin: OriginId): LogState | undefined;
  whence(origin: OriginId, place: LogPlace): Whence | undefined;
  readLog(origin: OriginId, after: LogPlace, maxBytes: number): PackedLog;
  members(): Member[];
  memberPage(after: string, limit: number): MemberEntry[];
  invites(): Invite[];
  requests(): JoinRequest[];
  bans(): Ban[];
  acts(after: number, sinceMs: number, limit: number): NotedAct[];
  hidden(): HiddenArticle[];
  held(request: HeldRequest): HeldArticle[];
  links(): Link[];
  levels(): PeerLevel[];
  linkRequests(): LinkRequest[];
  setting(key: string): string | undefined;
  close(): void;
}

export interface Call {
  readonly call: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type Reply = { readonly call: number } & ({ readonly result: unknown } | { readonly error: SentError });

/** What a worker says unasked: it is ready, or nothing will be acknowledged any more, a row was damaged, or these are durable. */
export type Notice =
  | { readonly notice: 'ready' }
  | { readonly notice: 'failed'; readonly error: SentError }
  | { readonly notice: 'broken'; readonly error: SentError }
  | { readonly notice: 'damaged'; readonly place: number }
  | { readonly notice: 'commits'; readonly packed: PackedCommits };

/** Sends a message; the buffers go over whole. */
export type Say<Message> = (message: Message, buffers?: readonly ArrayBuffer[]) => void;

/** An error on its way between threads. */
export interface SentError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  readonly stack: string | undefined;
  /** By which the system names the cause: `SQLITE_IOERR_FSYNC`. */
  readonly systemCode: string;
}

export function toSentError(error: unknown): SentError {
  if (isMootError(error)) {
    const cause = error.cause instanceof Error ? error.cause.message : undefined;
    const { code, message, field, hint } = error;
    return { code, message, field, hint, stack: cause, systemCode: systemCode(error.cause) };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return { code: undefined, message: String(error), field: undefined, hint: undefined, stack, systemCode: '' };
}

/** A refusal comes back as a refusal, a bug as a bug. */
export function fromSentError({ code, message, field, hint, stack, systemCode }: SentError): Error {
  if (code === undefined) return new Error(`the store failed: ${message}`, { cause: stack });
  return new MootError(code, message, {
    ...(stack === undefined ? {} : { cause: Object.assign(new Error(stack), { code: systemCode }) }),
    ...(field === undefined ? {} : { field }),
    ...(hint === undefined ? {} : { hint }),
  });
}
