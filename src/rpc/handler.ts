import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerDuplexStream,
  ServerWritableStream,
} from '@grpc/grpc-js';
import type { Status } from '../wire/error-table.js';
import { type CallContext, type HandlerSettings, OpenCall } from './open-call.js';
import { readRequest, requestsOf } from './requests.js';

/** At most this long, whatever deadline the caller gives. Infinity for what lives as long as its reader. */
export interface Bound {
  readonly mostMs: number;
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
    run: (request: Request, context: CallContext) => AsyncIterable<Response>,
    { mostMs }: Bound = { mostMs: 600_000 },
  ): handleServerStreamingCall<Request, Response> {
    return (call) => {
      const open = new OpenCall(call, mostMs, this.settings, (failure) => close(call, failure));
      open.run(async () => pump(call, run(readRequest(call.request), open.context), open));
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

type Outgoing<Response> =
  | Pick<ServerWritableStream<unknown, Response>, 'write' | 'end' | 'emit' | 'on' | 'off' | 'destroyed'>
  | Pick<ServerDuplexStream<unknown, Response>, 'write' | 'end' | 'emit' | 'on' | 'off' | 'destroyed'>;

/** What was written before goes out before the status. */
function close(call: Outgoing<never>, failure: Status | undefined): void {
  if (call.destroyed) return;
  // grpc-js takes an 'error' event as the status of a stream, and listens to it itself.
  if (failure) call.emit('error', failure);
  else call.end();
}

async function pump<Response>(
  call: Outgoing<Response>,
  answers: AsyncIterable<Response>,
  open: OpenCall,
): Promise<void> {
  for await (const answer of answers) {
    if (open.over) return;
    if (!call.write(answer)) await drained(call, open.context.signal);
    if (open.over) return;
  }
}

/** Resolves when there is room again, or nobody waits any more. */
function drained(call: Outgoing<never>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.on('drain', done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
