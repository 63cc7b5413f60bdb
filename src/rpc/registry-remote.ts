import type { RegistryPort } from '../community/registry-port.js';
import type { SignedServerEntry } from '../core/server-entry.js';
import type { Channel } from '../wire/channels.js';
import { toWireSignedEntry } from '../wire/convert-server-entry.js';
import { RegistryServiceService } from '../wire/gen/moot/v1/registry.js';

/** A registry at the other end of a channel that was opened for the purpose 'registry'; who opened it closes it. */
export class RegistryRemote implements RegistryPort {
  constructor(private readonly channel: Channel) {}

  register(signed: SignedServerEntry, signal: AbortSignal): Promise<{ readonly renewAfterMs: number }> {
    return this.channel.unary(RegistryServiceService.register, { server: toWireSignedEntry(signed) }, { signal });
  }

  async deregister(signed: SignedServerEntry, signal: AbortSignal): Promise<void> {
    await this.channel.unary(RegistryServiceService.deregister, { server: toWireSignedEntry(signed) }, { signal });
  }
}
