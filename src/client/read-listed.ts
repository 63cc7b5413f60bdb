import { isMootError } from '../core/errors.js';
import type { ServerEntry } from '../core/server-entry.js';
import type { KeyRing } from '../identity/key-ring.js';
import { fromWireListed } from '../wire/convert-server-entry.js';
import type { ListedServer as WireListed } from '../wire/gen/moot/v1/registry.js';

/** A registry is not believed: an entry that its server did not sign, or with a key that it has replaced, is as good as not there. */
export function readListed(listed: WireListed, ring: KeyRing | undefined): ServerEntry | undefined {
  try {
    const { entry, signed } = fromWireListed(listed);
    const isItsWord = ring?.accepts(entry.id, signed.publicKey) !== false;
    return isItsWord && entry.addresses.length > 0 ? entry : undefined;
  } catch (error) {
    if (isMootError(error)) return undefined;
    throw error;
  }
}
