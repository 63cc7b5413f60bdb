import type { Clock } from '../core/clock.js';
import { isMootError, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { Identity } from '../identity/keys.js';
import { type Channel, type ChannelSettings, openChannel } from '../wire/channels.js';
import { type Introduced, introduceTo } from './introduce-to.js';
import type { ServerTokens } from './server-token.js';

/** Longer than any question waits: over a slow link the one after it has the use of it. */
const introductionMs = 10_000;

export interface PeerSettings {
  readonly clock: Clock;
  readonly name: () => string;
  readonly ring: KeyRing | undefined;
}

/** A connection to a peer, over which this server has introduced itself. */
export class PeerConnection {
  readonly channel: Channel;
  private readonly clock: Clock;
  private introduction: Promise<Introduced> | undefined;
  private introducedOver: number | undefined;
  private isRefused = false;

  /** Nothing is dialled yet. @throws MootError `invalid` for an address that is none. */
  constructor(
    private readonly identity: Identity,
    private readonly peer: OriginId,
    readonly address: string,
    private readonly settings: ChannelSettings & PeerSettings,
    /** Told once when another answers than `peer`; again after it has. */
    private readonly onRefused: ((error: MootError) => void) | undefined,
  ) {
    this.clock = settings.clock;
    this.channel = openChannel(address, settings);
  }

  /** A token for one call of `method`; introduces this server when that has not been done. @throws MootError when it is refused. */
  async token(method: string, tokens: ServerTokens, signal: AbortSignal): Promise<string> {
    const { aheadMs } = await untilAborted(this.introduced(), signal);
    return tokens.sign(this.peer, method, this.clock.now() + aheadMs);
  }

  /**
   * The messages of a call that `open` begins. A peer that has forgotten this server (it was started again) is introduced to
   * once more, and asked again; only the very first message can bring that up, so nothing is given twice.
   * @throws MootError `denied`, too, when it does not believe then who this server is: that is a refusal like any other.
   */
  async *stream<T>(open: () => Promise<AsyncIterableIterator<T>>, signal: AbortSignal): AsyncGenerator<T> {
    try {
      yield* this.introducedStream(open, signal);
    } catch (error) {
      if (!isMootError(error) || error.code !== 'unauthenticated') throw error;
      throw new MootError('denied', error.message, { cause: error });
    }
  }

  private async *introducedStream<T>(
    open: () => Promise<AsyncIterableIterator<T>>,
    signal: AbortSignal,
  ): AsyncGenerator<T> {
    let frames = await open();
    const used = this.introduction;
    let first: IteratorResult<T>;
    try {
      first = await frames.next();
    } catch (error) {
      if (!isMootError(error) || error.code !== 'unauthenticated' || signal.aborted) throw error;
      if (this.introduction === used) this.introduction = undefined;
      frames = await open();
      first = await frames.next();
    }
    try {
      for (; !first.done; first = await frames.next()) yield first.value;
    } finally {
      await frames.return?.();
    }
  }

  /** Introduces this server, so that the first question need not wait for it. Never throws: the question will. */
  async greet(): Promise<void> {
    await this.introduced().catch(() => undefined);
  }

  /** Takes no more calls; those under way go on. */
  retire(): void {
    this.channel.retire();
  }

  close(): void {
    this.channel.close();
  }

  /**
   * One introduction serves all who wait for it, and all calls over that connection: who answers over a new one may be
   * another. One that failed is tried again by the next.
   */
  private introduced(): Promise<Introduced> {
    const isOld = this.introducedOver !== undefined && this.introducedOver !== this.channel.connection;
    if (isOld) this.introduction = undefined;
    this.introduction ??= this.introduce();
    return this.introduction;
  }

  private async introduce(): Promise<Introduced> {
    const { clock, settings } = this;
    this.introducedOver = undefined;
    try {
      const introduced = await introduceTo(this.channel, this.identity, this.peer, {
        name: settings.name(),
        clock,
        ring: settings.ring,
        deadlineMs: introductionMs,
      });
      if (introduced.refused) throw introduced.refused;
      // Connections count from 1: one that is gone by now is none that can come back.
      this.introducedOver = this.channel.connection ?? 0;
      this.isRefused = false;
      return introduced;
    } catch (error) {
      this.introduction = undefined;
      const isAnother = isMootError(error) && error.code === 'denied' && error.refusal === undefined;
      if (isAnother && !this.isRefused) {
        this.isRefused = true;
        this.onRefused?.(error);
      }
      throw error;
    }
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(reasonOf(signal));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function reasonOf(signal: AbortSignal): unknown {
  return isMootError(signal.reason) ? signal.reason : new MootError('cancelled', 'the call was cancelled');
}
