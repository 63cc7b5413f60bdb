import type { RegistryPort } from '../community/registry-port.js';
import type { ListedServer, SignedServerEntry } from '../core/server-entry.js';
import { type Channel, openChannel } from '../wire/channels.js';
import { fromWireListed, toWireSignedEntry } from '../wire/convert-server-entry.js';
import { RegistryServiceService as service } from '../wire/gen/moot/v1/registry.js';

const callMs = 3000;

/** One registry, as a server calls it. Its answers are believed only as far as their signatures go. */
export class RegistryClient implements RegistryPort {
  private readonly channel: Channel;

  /** @param ca PEM of who must vouch for its certificate, where the address holds no fingerprint. */
  constructor(
    readonly address: string,
    ca?: string,
  ) {
    this.channel = openChannel(address, { purpose: 'registry', ca });
  }

  /** @throws MootError `unavailable`, `full`, or what is wrong with the entry. */
  async register(signed: SignedServerEntry, signal: AbortSignal): Promise<{ renewAfterMs: number }> {
    const request = { server: toWireSignedEntry(signed) };
    return this.channel.unary(service.register, request, { deadlineMs: callMs, signal });
  }

  async deregister(signed: SignedServerEntry, signal: AbortSignal): Promise<void> {
    await this.channel.unary(service.deregister, { server: toWireSignedEntry(signed) }, { deadlineMs: callMs, signal });
  }

  /** The entry of `id`, checked, if it is listed. */
  async lookUp(id: string): Promise<ListedServer | undefined> {
    const request = { pageSize: 1, pageToken: '', name: '', idPrefix: id, topic: '' };
    const { servers } = await this.channel.unary(service.listServers, request, { deadlineMs: callMs });
    const listed = servers[0] && fromWireListed(servers[0]);
    return listed?.entry.id === id ? listed : undefined;
  }

  close(): void {
    this.channel.close();
  }
}
