import type { Address } from '../core/address.js';
import { isMootError, MootError, systemCode } from '../core/errors.js';

const unvouched = 'is not vouched for by any authority of --tls-ca';

/** By the names that OpenSSL and Node give them. */
const certificates: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', 'has expired'],
  ['CERT_NOT_YET_VALID', 'is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'is for another name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', unvouched],
  ['SELF_SIGNED_CERT_IN_CHAIN', unvouched],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unvouched],
  ['UNABLE_TO_GET_ISSUER_CERT', unvouched],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unvouched],
  ['CERT_SIGNATURE_FAILURE', unvouched],
]);

const plaintext: ReadonlySet<string> = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);

/** What is wrong at the other end of a handshake that failed with `error`; undefined when only the connection broke. */
export function certificateFault(error: Error, { host, port }: Address): MootError | undefined {
  if (isMootError(error)) return error;
  const code = systemCode(error);
  const cause = { cause: error };
  if (plaintext.has(code))
    return new MootError('denied', `${host}:${port} speaks plaintext, not TLS`, {
      ...cause,
      field: 'address',
      hint: 'name it without #FINGERPRINT and --tls-ca, or start it with --tls-cert and --tls-key',
    });
  const what = certificates.get(code);
  if (what === undefined) return undefined;
  return new MootError('denied', `the certificate at ${host}:${port} ${what}`, {
    ...cause,
    field: 'tlsCa',
    hint: `--tls-ca FILE with the authority that signed it, or its fingerprint: ${host}:${port}#FINGERPRINT`,
  });
}
