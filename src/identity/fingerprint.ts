import { type KeyObject, X509Certificate } from 'node:crypto';
import { invalid } from '../core/errors.js';
import { sha256 } from './hash.js';

/**
 * By what a certificate is known, whoever signed it: SHA-256 of its public key, in hex. A renewed certificate for the same
 * key has the same. (`openssl x509 -in F -pubkey -noout | openssl pkey -pubin -outform der | sha256sum`)
 */
export function fingerprintOf(publicKey: KeyObject): string {
  return sha256(publicKey.export({ type: 'spki', format: 'der' })).toString('hex');
}

/** @throws MootError `invalid` naming `tlsCa` unless `pem` holds certificates: else TLS would take it for none at all. */
export function requireCertificates(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw invalid('tlsCa', 'there is no certificate in PEM');
  }
}
