import { setMaxListeners } from 'node:events';
import type { Metadata, ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { toStatus } from '../wire/error-table.js';
import { type Caller, idOf } from './caller.js';

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
    /** Where the call came from. */
    readonly address: string,
    readonly streams: boolean,
    readonly path: string,
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
  /** Whose calls were ended in this turn of the loop: one that was let in by then, but is not open yet, ends as well. */
  private readonly ending = new Map<string, MootError>();
  /** How many streams each caller has open. */
  private readonly streamsOf = new Map<string, number>();

  /** @param mostStreams which one caller may have open at once. */
  constructor(private readonly mostStreams = Number.POSITIVE_INFINITY) {}

  /** @throws MootError `full` when the caller has as many streams open as it may. */
  admit(metadata: Metadata, admission: Admission): void {
    const leave = admission.streams ? this.openStream(admission) : undefined;
    this.byMetadata.set(metadata, admission);
    this.open.add(admission);
    admission.whenOver(() => {
      this.open.delete(admission);
      leave?.();
    });
    const ended = this.ending.get(memberOf(admission) ?? '');
    if (ended) admission.end(ended);
    else if (this.stopping && admission.streams) admission.wind(this.stopping);
  }

  of(metadata: Metadata): Admission | undefined {
    return this.byMetadata.get(metadata);
  }

  get size(): number {
    return this.open.size;
  }

  get streams(): number {
    let count = 0;
    for (const { streams } of this.open) if (streams) count += 1;
    return count;
  }

  private openStream({ caller, address }: Admission): (() => void) | undefined {
    if (caller.kind === 'operator') return undefined;
    const key = caller.kind === 'anyone' ? address : idOf(caller);
    const open = this.streamsOf.get(key) ?? 0;
    if (open >= this.mostStreams)
      throw new MootError('full', `${open} streams of this caller are open here, and it may have no more`, {
        retryAfterMs: 1000,
        hint: 'again when one of them has ended',
      });
    this.streamsOf.set(key, open + 1);
    return () => {
      const left = (this.streamsOf.get(key) ?? 1) - 1;
      if (left > 0) this.streamsOf.set(key, left);
      else this.streamsOf.delete(key);
    };
  }

  /** Ends everything a member has open: after leaving, nothing more reaches them. */
  endCallsOf(memberId: string, why: string): void {
    const reason = new MootError('unauthenticated', why);
    this.ending.set(memberId, reason);
    setImmediate(() => this.ending.delete(memberId));
    for (const admission of this.open) if (memberOf(admission) === memberId && admission.streams) admission.end(reason);
  }

  /** Ends what another server has open and `refusal` no longer lets it have, by the path of the call. */
  endCallsOfServer(id: OriginId, refusal: (path: string) => MootError | undefined): void {
    for (const admission of this.open) {
      const { caller } = admission;
      const reason = caller.kind === 'server' && caller.id === id ? refusal(admission.path) : undefined;
      if (reason) admission.end(reason);
    }
  }

  /** Asks every stream to end, and ends what has not begun; from now on none is let in. */
  windStreams(reason: MootError): void {
    this.stopping = reason;
    for (const admission of this.open) if (admission.streams) admission.wind(reason);
  }
}

function memberOf({ caller }: Admission): string | undefined {
  return caller.kind === 'member' || caller.kind === 'moderator' ? caller.member.memberId : undefined;
}
