import { setMaxListeners } from 'node:events';
import {
  Client,
  type ClientOptions,
  connectivityState,
  credentials,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { type Address, formatAddress, parseAddress } from '../core/address.js';
import { type Clock, systemClock } from '../core/clock.js';
import { isMootError, MootError } from '../core/errors.js';
import { type CallOptions, callMetadata } from './call-metadata.js';
import { CancelBudget } from './cancel-budget.js';
import { channelOptions, type Purpose, toTarget, toTargetOf } from './channel-options.js';
import { Conversation } from './conversation.js';
import { faultOfServer, fromServiceError } from './error-table.js';
import { FrameReader } from './frame-reader.js';
import { TlsCredentials } from './tls-credentials.js';
import { Turns } from './turns.js';

export interface ChannelSettings {
  readonly purpose: Purpose;
  /** Lets tokens go over plaintext to other machines. */
  readonly insecure?: boolean | undefined;
  /** Who must vouch for the certificate where the address holds no fingerprint, in PEM; without either it is plaintext. */
  readonly ca?: string | undefined;
  readonly clock?: Clock | undefined;
  /** IP:PORT of one kind, to be dialled instead of looking the host up. */
  readonly dialled?: readonly string[] | undefined;
}

/** Nothing is dialled before the first call. @throws MootError `invalid` unless `address` is HOST:PORT, or HOST:PORT#FINGERPRINT. */
export function openChannel(address: string, settings: ChannelSettings): Channel {
  return new Channel(parseAddress(address), settings);
}

/** Less than the 128 streams that a server takes on a connection: there is room for the rest. */
const atOnce = 100;

interface Cancellable {
  cancel(): void;
}

/** Whoever waits for the answer of a call. */
interface Abandonable {
  /** Nobody wants it any more. */
  abandon(error: MootError | undefined): void;
  /** The time is up. */
  expire(error: MootError): void;
}

/** One connection to one server, for one purpose. Methods are those of the generated service definitions. */
export class Channel {
  private readonly client: Client;
  private readonly tls: TlsCredentials | undefined;
  private readonly cancels: CancelBudget;
  private readonly calls = new Set<Cancellable>();
  private readonly turns = new Turns(atOnce);
  private readonly isToServer: boolean;
  private closed = false;
  private connections = 0;

  constructor(
    private readonly to: Address,
    private readonly settings: ChannelSettings,
  ) {
    const options: ClientOptions = channelOptions(settings.purpose);
    this.isToServer = settings.purpose === 'peer' || settings.purpose === 'feed';
    const target = settings.dialled ? toTargetOf(settings.dialled) : toTarget(to);
    const isTls = to.fingerprint !== undefined || settings.ca !== undefined;
    this.tls = isTls ? new TlsCredentials(to, settings.ca) : undefined;
    this.client = new Client(target, this.tls ?? credentials.createInsecure(), options);
    this.cancels = new CancelBudget(settings.clock ?? systemClock);
    this.countConnections();
  }

  /** HOST:PORT of what is at the other end, and the fingerprint of the certificate it showed, if it showed one. */
  get address(): string {
    return formatAddress({ ...this.to, fingerprint: this.tls?.fingerprint ?? this.to.fingerprint });
  }

  /** The number of the connection that there is now; undefined: none, the next call makes one. Who was met over one may not be at the next. */
  get connection(): number | undefined {
    return this.state() === connectivityState.READY ? this.connections : undefined;
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
        {},
        (error, response) => {
          done.ended();
          if (error) reject(this.toError(error));
          else if (response === undefined) reject(new MootError('damaged', 'the server answered nothing'));
          else resolve(response);
        },
      );
      const leave = (error: MootError | undefined): void => {
        done.leave();
        reject(error);
      };
      const done = this.track(call, options, { abandon: leave, expire: leave });
    });
  }

  /** The call begins at once, not when it is first read. Leaving the loop, or the signal, ends it. */
  serverStream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): FrameReader<Response> {
    return this.stream(method, request, options, () => undefined);
  }

  private stream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    options: CallOptions,
    onEnd: () => void,
  ): FrameReader<Response> {
    const metadata = this.ready(options);
    const { path, requestSerialize, responseDeserialize } = method;
    const call = this.client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata);
    const reader = new FrameReader<Response>(call, () => done.leave(), this.toError);
    const done = this.track(call, options, reader);
    call.on('status', () => {
      done.ended();
      onEnd();
    });
    return reader;
  }

  /**
   * As `serverStream`, once fewer than 100 of these calls are open. What is called past the streams that a server takes on one
   * connection would be sent later even if it is cancelled meanwhile; who waits here, and goes, has cost nothing.
   */
  async serverStreamInTurn<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<FrameReader<Response>> {
    const { clock = systemClock } = this.settings;
    const { signal, deadlineMs } = options;
    const beganMs = clock.monotonic();
    const late = new AbortController();
    const disarm = deadlineMs === undefined ? () => undefined : clock.after(deadlineMs, () => late.abort(tooLate()));
    const over = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    const isOurTurn = await this.turns.enter(over);
    disarm();
    if (!isOurTurn) throw reasonOf(over);
    try {
      const leftMs = deadlineMs === undefined ? undefined : deadlineMs - (clock.monotonic() - beganMs);
      return this.stream(method, request, { ...options, deadlineMs: leftMs }, () => this.turns.leave());
    } catch (error) {
      this.turns.leave();
      throw error;
    }
  }

  /** As `serverStream`, and the caller may send as long as it has not finished. */
  bidi<Request, Response>(
    method: MethodDefinition<Request, Response>,
    options: CallOptions = {},
  ): Conversation<Request, Response> {
    const metadata = this.ready(options);
    const { path, requestSerialize, responseDeserialize } = method;
    const call = this.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
    const conversation = new Conversation<Request, Response>(call, () => done.leave(), this.toError);
    const done = this.track(call, options, conversation);
    call.on('status', done.ended);
    return conversation;
  }

  /** Takes no more calls; those that are open go on to their end. */
  retire(): void {
    this.closed = true;
    this.client.close();
  }

  /** Ends every call that is open. */
  close(): void {
    this.closed = true;
    for (const call of this.calls) call.cancel();
    this.client.close();
  }

  private state(): connectivityState {
    return this.client.getChannel().getConnectivityState(false);
  }

  private countConnections(): void {
    const before = this.state();
    if (before === connectivityState.SHUTDOWN) return;
    this.client.getChannel().watchConnectivityState(before, Number.POSITIVE_INFINITY, () => {
      if (this.state() === connectivityState.READY) this.connections += 1;
      this.countConnections();
    });
  }

  private ready(options: CallOptions): ReturnType<typeof callMetadata> {
    if (this.closed) throw new MootError('unavailable', 'the connection was closed');
    if (options.signal?.aborted) throw reasonOf(options.signal);
    return callMetadata(this.to, this.tls !== undefined || this.settings.insecure === true, options);
  }

  /** A certificate that was not accepted says more than that there is no connection. */
  private readonly toError = (error: unknown): MootError => {
    const details = (error as Partial<ServiceError>).details;
    const fault = typeof details === 'string' ? this.tls?.faultIn(details) : undefined;
    const meant = fault ?? fromServiceError(error);
    return this.isToServer ? faultOfServer(meant) : meant;
  };

  private track(
    call: Cancellable,
    { signal, deadlineMs }: CallOptions,
    reader: Abandonable,
  ): { ended(): void; leave(): void } {
    const { clock = systemClock } = this.settings;
    let takeBack = (): void => undefined;
    // Not left to grpc-js, which cancels all whose time is up at once; the other side ends them by itself as well.
    const disarm =
      deadlineMs === undefined ? () => undefined : clock.after(Math.max(1, deadlineMs), () => reader.expire(tooLate()));
    const abort = (): void => reader.abandon(reasonOf(signal));
    const settle = (): void => {
      signal?.removeEventListener('abort', abort);
      disarm();
      takeBack();
    };
    if (signal) setMaxListeners(0, signal);
    signal?.addEventListener('abort', abort, { once: true });
    this.calls.add(call);
    return {
      ended: () => {
        settle();
        this.calls.delete(call);
      },
      leave: () => {
        settle();
        takeBack = this.cancels.request(() => call.cancel());
      },
    };
  }
}

function tooLate(): MootError {
  return new MootError('timed_out', 'the server did not answer in time');
}

/** What an aborted signal means: the MootError it was aborted with, a time-out, or that nobody wants the answer. */
function reasonOf(signal: AbortSignal | undefined): MootError {
  const reason: unknown = signal?.reason;
  if (isMootError(reason)) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError')
    return new MootError('timed_out', 'the time was up before the answer came');
  return new MootError('cancelled', 'the call was cancelled');
}
