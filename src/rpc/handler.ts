import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerDuplexStream,
  ServerWritableStream,
} from '@grpc/grpc-js';
import type { Status } from '../wire/error-table.js';
import { type CallContext, type HandlerSettings, OpenCall } from './open-call.js';
import { Encoded, readRequest, requestsOf } from './requests.js';

export interface Bound {
  /** At most this long, whatever deadline the caller gives. Infinity for what lives as long as its reader. */
  readonly mostMs: number;
  /** A caller that takes nothing for so long loses its connection: nothing less ends its stream. Default: it may. */
  readonly stalledMs?: number;
}

/**
 * Turns async functions into grpc-js handlers, once for the whole program: the errors they throw become a status, a client
 * that goes away an aborted signal, and a client that reads slowly makes them wait.
 */
export class Handlers {
  constructor(private readonly settings: HandlerSettings) {}

  unary<Request, Response>(
    run: (request: Request, context: CallContext) => Promise<Response>,
    { mostMs }: Bound = { mostMs: 60_000 },
  ): handleUnaryCall<Request, Response> {
    return (call, respond) => {
      let response: Response | undefined;
      const open = new OpenCall(call, mostMs, this.settings, (failure) => respond(failure ?? null, response));
      open.run(async () => {
        response = await run(readRequest(call.request), open.context);
      });
    };
  }

  serverStream<Request, Response>(
    run: (request: Request, context: CallContext) => AsyncIterable<Response | Encoded<Response>>,
    { mostMs, stalledMs }: Bound = { mostMs: 600_000 },
  ): handleServerStreamingCall<Request, Response> {
    return (call) => {
      const open = new OpenCall(call, mostMs, this.settings, (failure) => close(call, failure));
      open.run(async () => pump(call, run(readRequest(call.request), open.context), open, stalledMs));
    };
  }

  bidi<Request, Response>(
    run: (requests: AsyncIterable<Request>, context: CallContext) => AsyncIterable<Response>,
    { mostMs }: Bound = { mostMs: Number.POSITIVE_INFINITY },
  ): handleBidiStreamingCall<Request, Response> {
    return (call) => {
      const open = new OpenCall(call, mostMs, this.settings, (failure) => close(call, failure));
      open.run(async () => pump(call, run(requestsOf(call, open.context.signal), open.context), open));
    };
  }
}

type Used = 'write' | 'end' | 'emit' | 'on' | 'off' | 'destroyed' | 'writableNeedDrain';

type Outgoing<Response> =
  | Pick<ServerWritableStream<unknown, Response>, Used>
  | Pick<ServerDuplexStream<unknown, Response>, Used>;

/** What was written before goes out before the status. */
function close(call: Outgoing<never>, failure: Status | undefined): void {
  if (call.destroyed) return;
  // grpc-js takes an 'error' event as the status of a stream, and listens to it itself.
  if (failure) call.emit('error', failure);
  else call.end();
}

/** Encoded frames that were written and have not gone out: one that reads slowly costs no more. */
const unsentBytes = 64 * 1024;

async function pump<Response>(
  call: Outgoing<Response>,
  answers: AsyncIterable<Response | Encoded<Response>>,
  open: OpenCall,
  stalledMs?: number,
): Promise<void> {
  let unsent = 0;
  let sent = (): void => undefined;
  for await (const answer of answers) {
    if (open.over) return;
    const bytes = answer instanceof Encoded ? answer.bytes.length : 0;
    unsent += bytes;
    // What is encoded is passed on by the service's own serializer.
    call.write(answer as Response, () => {
      unsent -= bytes;
      sent();
    });
    if (unsent > unsentBytes || call.writableNeedDrain)
      await untilOver(open, stalledMs, (done) => {
        sent = () => {
          if (unsent <= unsentBytes && !call.writableNeedDrain) done();
        };
        call.on('drain', sent);
        return () => call.off('drain', sent);
      });
    if (open.over) return;
  }
}

/** Resolves when `watch` says that it is done, or nobody waits any more. */
function untilOver(
  open: OpenCall,
  stalledMs: number | undefined,
  watch: (done: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const { signal } = open.context;
    const disarm = stalledMs === undefined ? undefined : open.onStall(stalledMs);
    const done = (): void => {
      disarm?.();
      unwatch();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const unwatch = watch(done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
