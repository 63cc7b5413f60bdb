import { setMaxListeners } from 'node:events';
import type { Metadata, ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { MootError } from '../core/errors.js';
import { toStatus } from '../wire/error-table.js';
import type { Caller } from './caller.js';

/** A call that was let in, from its headers until its end. */
export class Admission {
  // Most calls end well before anybody asks for their signal, and to make one costs as much as to check a token.
  private controller: AbortController | undefined;
  private ended: MootError | undefined;
  private isSettled = false;
  private onAbort: ((reason: MootError) => void) | undefined;
  private hasHandler = false;
  private onEnd: (() => void) | undefined;

  constructor(
    readonly caller: Caller,
    readonly streams: boolean,
    private readonly call: ServerInterceptingCallInterface,
  ) {}

  /** Fires when the call is over for the client before it was settled, with the reason. */
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      setMaxListeners(0, this.controller.signal);
      if (this.ended) this.controller.abort(this.ended);
    }
    return this.controller.signal;
  }

  /** Why the call was over before it was settled. */
  get reason(): MootError | undefined {
    return this.ended;
  }

  /** A handler has the request: from now on it ends the call. `onAbort` is told what `signal` would be. */
  begin(onAbort: (reason: MootError) => void): void {
    this.hasHandler = true;
    this.onAbort = onAbort;
    if (this.ended) onAbort(this.ended);
  }

  /** The call has its answer. */
  settle(): void {
    this.isSettled = true;
  }

  whenOver(run: () => void): void {
    this.onEnd = run;
  }

  /** Asks the handler to end; a call whose request has not come yet ends at once. */
  wind(reason: MootError): void {
    this.abort(reason);
    if (!this.hasHandler) this.call.sendStatus(toStatus(reason));
  }

  /** Ends the call now, whatever its handler does. */
  end(reason: MootError): void {
    this.abort(reason);
    this.call.sendStatus(toStatus(reason));
  }

  /** The transport says that the call is over. */
  over(): void {
    this.onEnd?.();
    if (this.isSettled) return;
    const deadline = Number(this.call.getDeadline());
    const isLate = Number.isFinite(deadline) && Date.now() >= deadline;
    this.abort(
      isLate
        ? new MootError('timed_out', 'the deadline of the call has passed')
        : new MootError('cancelled', 'the caller has gone'),
    );
  }

  private abort(reason: MootError): void {
    if (this.ended) return;
    this.ended = reason;
    this.controller?.abort(reason);
    this.onAbort?.(reason);
  }
}

/** The calls that are open now, and whose they are. */
export class Admissions {
  private readonly open = new Set<Admission>();
  // By the object itself: a client can send any header, but not this object.
  private readonly byMetadata = new WeakMap<Metadata, Admission>();

  private stopping: MootError | undefined;

  admit(metadata: Metadata, admission: Admission): void {
    this.byMetadata.set(metadata, admission);
    this.open.add(admission);
    admission.whenOver(() => this.open.delete(admission));
    if (this.stopping && admission.streams) admission.wind(this.stopping);
  }

  of(metadata: Metadata): Admission | undefined {
    return this.byMetadata.get(metadata);
  }

  get size(): number {
    return this.open.size;
  }

  /** Ends everything a member has open: after leaving, nothing more reaches them. */
  endCallsOf(memberId: string): void {
    const reason = new MootError('unauthenticated', 'the membership has ended');
    for (const admission of this.open) {
      const { caller } = admission;
      if (caller.kind === 'member' && caller.member.memberId === memberId && admission.streams) admission.end(reason);
    }
  }

  /** Asks every stream to end, and ends what has not begun; from now on none is let in. */
  windStreams(reason: MootError): void {
    this.stopping = reason;
    for (const admission of this.open) if (admission.streams) admission.wind(reason);
  }
}
