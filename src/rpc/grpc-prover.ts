import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { formatAddress, parseAddress } from '../core/address.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { KeyRing } from '../identity/key-ring.js';
import { createIdentity } from '../identity/keys.js';
import type { AddressProver } from '../registry/proofs.js';
import { openChannel } from '../wire/channels.js';
import { proveCallee } from './introduce-to.js';
import { mayDial } from './may-dial.js';

/** Has servers prove their key over gRPC, as servers do among themselves; its own key is nobody's. */
export class GrpcProver implements AddressProver {
  private readonly identity = createIdentity();
  /** Of those that were proved with a key that took the place of another: whoever has the old one proves nothing any more. */
  private readonly ring = new KeyRing();

  async prove(id: OriginId, address: string, caller: string, signal: AbortSignal): Promise<void> {
    let last: unknown = new MootError('denied', 'that address leads inside, where you are not');
    for (const ip of await this.resolve(address)) {
      if (!mayDial(ip, caller)) continue;
      try {
        return await this.ask(id, address, ip, signal);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  /** The address that is dialled is the one that was looked at, whatever the name means the next moment. */
  private async ask(id: OriginId, address: string, ip: string, signal: AbortSignal): Promise<void> {
    const to = { ...parseAddress(address), host: isIPv6(ip) ? `[${ip}]` : ip };
    const channel = openChannel(formatAddress(to), { purpose: 'peer' });
    try {
      await proveCallee(channel, this.identity, id, { signal, ring: this.ring });
    } finally {
      channel.close();
    }
  }

  private async resolve(address: string): Promise<readonly string[]> {
    const host = parseAddress(address).host.replace(/^\[|\]$/g, '');
    try {
      return (await lookup(host, { all: true })).map((found) => found.address);
    } catch (cause) {
      throw new MootError('unavailable', 'there is no such host', { cause });
    }
  }
}
