import { createPrivateKey } from 'node:crypto';
import { type Identity, parseIdentity } from '../../src/identity/keys.js';

/** What comes before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The identity that follows from 32 bytes, the same in each run. */
export function identityOf(seed: Uint8Array): Identity {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  return parseIdentity(key.export({ format: 'pem', type: 'pkcs8' }).toString());
}
