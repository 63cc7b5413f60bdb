import { type Channel, openChannel } from '../wire/channels.js';

/** One connection an address and purpose, opened when it is first needed, used again by every later call. */
export class Connections {
  private readonly open = new Map<string, Channel>();

  constructor(private readonly insecure: boolean) {}

  /** @throws MootError `invalid` unless `address` is HOST:PORT. */
  to(address: string, purpose: 'client' | 'registry' = 'client'): Channel {
    const key = `${purpose} ${address}`;
    const known = this.open.get(key);
    if (known) return known;
    const channel = openChannel(address, { purpose, insecure: this.insecure });
    this.open.set(key, channel);
    return channel;
  }

  close(): void {
    for (const channel of this.open.values()) channel.close();
    this.open.clear();
  }
}
