import { codeOf } from '../core/errors.js';
import type { LogStore } from '../core/log.js';
import { KeyRing } from '../identity/key-ring.js';
import type { Identity } from '../identity/keys.js';
import { lineAfter, oldKey } from '../identity/rotate-key.js';

/**
 * A replica on another machine has a copy of the identity, which may be from before a rotation: nobody would accept what it seals.
 * @throws MootError `denied` when the end of the own log was sealed by a newer key, or names one.
 */
export async function requireNewestKey({ id, publicKey }: Identity, logs: LogStore): Promise<void> {
  const end = (await logs.state(id))?.end;
  if (!end) return;
  // Damage has its own place to be told of.
  const items = await logs.read(id, { ...end, seq: end.seq - 1 }, 1).catch((error: unknown) => {
    if (codeOf(error) !== 'damaged') throw error;
    return [];
  });
  const ring = new KeyRing();
  for (const item of items)
    if (item.kind === 'commit') ring.accepts(id, lineAfter(item.commit.seal, item.commit.entries[0]?.bytes));
  if (!ring.accepts(id, publicKey)) throw oldKey();
}
