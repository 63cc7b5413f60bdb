import { randomUUID } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { type Clock, systemClock } from '../core/clock.js';
import { codeOf, type ErrorCode, MootError } from '../core/errors.js';
import { requestIdHeader } from '../wire/call-metadata.js';
import { type Status, toStatus } from '../wire/error-table.js';
import type { Admission, Admissions } from './admissions.js';
import { type Caller, idOf } from './caller.js';

/** What a handler knows of the call besides the request. */
export interface CallContext {
  readonly caller: Caller;
  /** Fires when nobody waits for the answer any more; its reason is a MootError. */
  readonly signal: AbortSignal;
  /** Milliseconds in which the answer must be given, from the start of the handler; Infinity where nothing limits it. */
  readonly deadlineMs: number;
  /** Address and port of the caller's end. */
  readonly peer: string;
  /** Whether there is a connection whose other end is `peer`: who only ends a call keeps theirs. */
  isConnected(peer: string): boolean;
  /** The same in the logs of every hop. */
  readonly requestId: string;
}

export interface HandlerSettings {
  readonly admissions: Admissions;
  /** Gets what was thrown and is no refusal: the caller sees "internal error" alone. */
  onBug(error: unknown, call: { readonly path: string; readonly requestId: string }): void;
  /** A call has ended, whatever came of it. */
  readonly onEnd?: (call: CallEnd) => void;
  readonly clock?: Clock;
  /** Cuts the connection whose other end is `peer` (address and port). */
  readonly hangUp?: (peer: string) => void;
  /** Whether that connection stands. */
  readonly isConnected?: (peer: string) => boolean;
}

export interface CallEnd {
  readonly path: string;
  readonly requestId: string;
  /** `anyone`, `operator`, or the id of a member or a server. */
  readonly caller: string;
  readonly code: ErrorCode | 'ok';
  readonly tookMs: number;
}

export interface ServerCall {
  readonly metadata: Metadata;
  getPeer(): string;
  getPath(): string;
  getDeadline(): Date | number;
}

/** One call from its request to its status, which is given once. */
export class OpenCall {
  readonly context: CallContext;
  private readonly admission: Admission;
  private readonly beganAtMs = performance.now();
  private isOver = false;
  private disarm = (): void => undefined;

  /** `settle` ends the call towards the client. @throws TypeError when the guard has not let the call in: a bug. */
  constructor(
    private readonly call: ServerCall,
    mostMs: number,
    private readonly settings: HandlerSettings,
    private readonly settle: (failure: Status | undefined) => void,
  ) {
    const admission = settings.admissions.of(call.metadata);
    if (!admission) throw new TypeError(`a call of ${call.getPath()} came past the guard`);
    const givenMs = Number(call.getDeadline()) - Date.now();
    const deadlineMs = Math.max(0, Math.min(givenMs, mostMs));
    this.context = {
      caller: admission.caller,
      get signal() {
        return admission.signal;
      },
      deadlineMs,
      get peer() {
        return call.getPeer();
      },
      isConnected: (peer) => settings.isConnected?.(peer) ?? true,
      requestId: requestIdOf(call.metadata),
    };
    this.admission = admission;
    admission.begin((reason) => this.aborted(reason));
    // Its own deadline grpc-js watches itself.
    if (mostMs < givenMs && Number.isFinite(mostMs)) this.arm(mostMs, () => admission.wind(tooLong()));
  }

  get over(): boolean {
    return this.isOver;
  }

  /** Cuts the caller's connection after `ms`, unless that is taken back. */
  onStall(ms: number): () => void {
    return (this.settings.clock ?? systemClock).after(ms, () => this.settings.hangUp?.(this.context.peer));
  }

  /** Nothing that `work` throws escapes. */
  run(work: () => Promise<void>): void {
    work().then(
      () => this.finish(this.admission.reason),
      (error: unknown) => this.finish(error),
    );
  }

  private aborted(reason: MootError): void {
    // This server stops: the handler may say its last words (acknowledgements, a cursor).
    if (codeOf(reason) === 'unavailable') this.arm(lastWordsMs, () => this.finish(reason));
    else this.finish(reason);
  }

  private arm(ms: number, run: () => void): void {
    this.disarm();
    this.disarm = (this.settings.clock ?? systemClock).after(ms, run);
  }

  private finish(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.admission.settle();
    this.disarm();
    if (codeOf(error) === 'internal' && error !== undefined)
      this.settings.onBug(error, { path: this.call.getPath(), requestId: this.context.requestId });
    this.settings.onEnd?.({
      path: this.call.getPath(),
      requestId: this.context.requestId,
      caller: idOf(this.context.caller),
      code: error === undefined ? 'ok' : codeOf(error),
      tookMs: performance.now() - this.beganAtMs,
    });
    this.settle(error === undefined ? undefined : toStatus(error));
  }
}

const lastWordsMs = 1000;

function tooLong(): MootError {
  return new MootError('timed_out', 'the call took longer than this server allows');
}

function requestIdOf(metadata: Metadata): string {
  const [id] = metadata.get(requestIdHeader);
  return typeof id === 'string' && /^[!-~]{1,64}$/.test(id) ? id : randomUUID();
}
