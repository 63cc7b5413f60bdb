import type { Purpose } from '../wire/channel-options.js';
import { type Channel, openChannel } from '../wire/channels.js';

/** One connection an address and purpose, opened when it is first needed, used again by every later call. */
export class Connections {
  private readonly open = new Map<string, Channel>();
  private readonly closing = new AbortController();

  constructor(
    private readonly insecure: boolean,
    /** PEM of who vouches for what a person names by its address alone. */
    private readonly ca: string | undefined,
  ) {}

  /**
   * To an address as its server signed it, or as it was met: without a fingerprint it speaks plaintext.
   * @throws MootError `invalid` unless it is HOST:PORT or HOST:PORT#FINGERPRINT.
   */
  to(address: string, purpose: Exclude<Purpose, 'peer'> = 'client'): Channel {
    return this.channel(address, purpose, undefined);
  }

  /** To an address that a person gave: where it has no fingerprint, the authority vouches for what answers there. */
  named(address: string, purpose: Exclude<Purpose, 'peer'> = 'client'): Channel {
    return this.channel(address, purpose, this.ca);
  }

  private channel(address: string, purpose: Purpose, ca: string | undefined): Channel {
    const key = `${purpose} ${address}${ca === undefined ? '' : ' by authority'}`;
    const known = this.open.get(key);
    if (known) return known;
    const channel = openChannel(address, { purpose, insecure: this.insecure, ca });
    this.open.set(key, channel);
    return channel;
  }

  /** Fires at `close`, for what would connect again. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  close(): void {
    this.closing.abort();
    for (const channel of this.open.values()) channel.close();
    this.open.clear();
  }
}
