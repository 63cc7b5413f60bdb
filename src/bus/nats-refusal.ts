import { errors } from '@nats-io/transport-node';

const certificateCodes: ReadonlySet<unknown> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Why a NATS and we cannot agree, though it answers: what waiting does not mend.
 * @returns a sentence without any secret, with what to do; undefined when it is only away.
 */
export function refusalOf(error: unknown): string | undefined {
  if (error instanceof errors.AuthorizationError)
    return 'it does not take the user and password, or the token, that --bus names';
  const { code } = error as NodeJS.ErrnoException;
  if (certificateCodes.has(code))
    return 'nobody that is trusted here vouches for its certificate; name who does: --tls-ca FILE';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is made for other names than that of --bus';
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  return undefined;
}
