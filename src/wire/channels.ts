import { setMaxListeners } from 'node:events';
import { Client, type ClientOptions, credentials, type Deadline, type MethodDefinition } from '@grpc/grpc-js';
import { type Address, parseAddress } from '../core/address.js';
import { type Clock, systemClock } from '../core/clock.js';
import { isMootError, MootError } from '../core/errors.js';
import { type CallOptions, callMetadata } from './call-metadata.js';
import { CancelBudget } from './cancel-budget.js';
import { channelOptions, type Purpose, toTarget } from './channel-options.js';
import { Conversation } from './conversation.js';
import { fromServiceError } from './error-table.js';
import { FrameReader } from './frame-reader.js';

export interface ChannelSettings {
  readonly purpose: Purpose;
  /** Lets tokens go over plaintext to other machines. */
  readonly insecure?: boolean | undefined;
  readonly clock?: Clock | undefined;
}

/** Nothing is dialled before the first call. @throws MootError `invalid` unless `address` is HOST:PORT. */
export function openChannel(address: string, settings: ChannelSettings): Channel {
  return new Channel(parseAddress(address), settings);
}

interface Cancellable {
  cancel(): void;
}

/** One connection to one server, for one purpose. Methods are those of the generated service definitions. */
export class Channel {
  private readonly client: Client;
  private readonly cancels: CancelBudget;
  private readonly calls = new Set<Cancellable>();
  private closed = false;

  constructor(
    private readonly to: Address,
    private readonly settings: ChannelSettings,
  ) {
    const options: ClientOptions = channelOptions(settings.purpose);
    this.client = new Client(toTarget(to), credentials.createInsecure(), options);
    this.cancels = new CancelBudget(settings.clock ?? systemClock);
  }

  /** @throws MootError: what the server said, or `unavailable`, `timed_out`, `cancelled`. */
  unary<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const metadata = this.ready(options);
      const { path, requestSerialize, responseDeserialize } = method;
      const call = this.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        deadlineOf(options),
        (error, response) => {
          done.ended();
          if (error) reject(fromServiceError(error));
          else if (response === undefined) reject(new MootError('damaged', 'the server answered nothing'));
          else resolve(response);
        },
      );
      const done = this.track(call, options.signal, (error) => {
        done.leave();
        reject(error);
      });
    });
  }

  /** The call begins at once, not when it is first read. Leaving the loop, or the signal, ends it. */
  serverStream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): FrameReader<Response> {
    const metadata = this.ready(options);
    const { path, requestSerialize, responseDeserialize } = method;
    const call = this.client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      deadlineOf(options),
    );
    const reader = new FrameReader<Response>(call, () => done.leave());
    const done = this.track(call, options.signal, (error) => reader.abandon(error));
    call.on('status', done.ended);
    return reader;
  }

  /** As `serverStream`, and the caller may send as long as it has not finished. */
  bidi<Request, Response>(
    method: MethodDefinition<Request, Response>,
    options: CallOptions = {},
  ): Conversation<Request, Response> {
    const metadata = this.ready(options);
    const { path, requestSerialize, responseDeserialize } = method;
    const call = this.client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      metadata,
      deadlineOf(options),
    );
    const conversation = new Conversation<Request, Response>(call, () => done.leave());
    const done = this.track(call, options.signal, (error) => conversation.abandon(error));
    call.on('status', done.ended);
    return conversation;
  }

  /** Ends every call that is open. */
  close(): void {
    this.closed = true;
    for (const call of this.calls) call.cancel();
    this.client.close();
  }

  private ready(options: CallOptions): ReturnType<typeof callMetadata> {
    if (this.closed) throw new MootError('unavailable', 'the connection was closed');
    if (options.signal?.aborted) throw reasonOf(options.signal);
    return callMetadata(this.to, this.settings.insecure === true, options);
  }

  private track(
    call: Cancellable,
    signal: AbortSignal | undefined,
    abandon: (error: MootError) => void,
  ): { ended(): void; leave(): void } {
    let takeBack = (): void => undefined;
    const abort = (): void => abandon(reasonOf(signal));
    if (signal) setMaxListeners(0, signal);
    signal?.addEventListener('abort', abort, { once: true });
    this.calls.add(call);
    return {
      ended: () => {
        signal?.removeEventListener('abort', abort);
        takeBack();
        this.calls.delete(call);
      },
      leave: () => {
        takeBack = this.cancels.request(() => call.cancel());
      },
    };
  }
}

function deadlineOf({ deadlineMs }: CallOptions): { deadline?: Deadline } {
  return deadlineMs === undefined ? {} : { deadline: Date.now() + Math.max(1, deadlineMs) };
}

/** What an aborted signal means: the MootError it was aborted with, a time-out, or that nobody wants the answer. */
function reasonOf(signal: AbortSignal | undefined): MootError {
  const reason: unknown = signal?.reason;
  if (isMootError(reason)) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError')
    return new MootError('timed_out', 'the time was up before the answer came');
  return new MootError('cancelled', 'the call was cancelled');
}
