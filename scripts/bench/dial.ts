import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { parseAddress, placeOf } from '../../dist/core/address.js';
import { TlsCredentials } from '../../dist/wire/tls-credentials.js';

/** What a client of grpc-js needs for HOST:PORT, or for HOST:PORT#FINGERPRINT over TLS. */
export function dial(address: string): readonly [address: string, credentials: ChannelCredentials] {
  const to = parseAddress(address);
  return to.fingerprint === undefined
    ? [address, credentials.createInsecure()]
    : [placeOf(address), new TlsCredentials(to, undefined)];
}
