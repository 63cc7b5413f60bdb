import type { Clock } from '../core/clock.js';
import { isMootError, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { Identity } from '../identity/keys.js';
import { type Channel, openChannel } from '../wire/channels.js';
import { type Introduced, introduceTo } from './introduce-to.js';
import type { ServerTokens } from './server-token.js';

/** A connection to a peer, over which this server has introduced itself. */
export class PeerConnection {
  readonly channel: Channel;
  private introduction: Promise<Introduced> | undefined;

  /** Nothing is dialled yet. @throws MootError `invalid` for an address that is none. */
  constructor(
    private readonly identity: Identity,
    private readonly peer: OriginId,
    readonly address: string,
    insecure: boolean,
    private readonly clock: Clock,
  ) {
    this.channel = openChannel(address, { purpose: 'peer', insecure, clock });
  }

  /** A token for one call of `method`; introduces this server when that has not been done. */
  async token(method: string, tokens: ServerTokens, signal: AbortSignal): Promise<string> {
    const { aheadMs } = await untilAborted(this.introduced(), signal);
    return tokens.sign(this.peer, method, this.clock.now() + aheadMs);
  }

  /**
   * The messages of a call that `open` begins. A peer that has forgotten this server (it was started again) is introduced to
   * once more, and asked again; only the very first message can bring that up, so nothing is given twice.
   */
  async *stream<T>(open: () => Promise<AsyncIterableIterator<T>>, signal: AbortSignal): AsyncGenerator<T> {
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

  close(): void {
    this.channel.close();
  }

  /** One introduction serves all who wait for it; one that failed is tried again by the next. */
  private introduced(): Promise<Introduced> {
    const { clock } = this;
    this.introduction ??= introduceTo(this.channel, this.identity, this.peer, { clock }).catch((error: unknown) => {
      this.introduction = undefined;
      throw error;
    });
    return this.introduction;
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
