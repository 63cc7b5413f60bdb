import { Metadata } from '@grpc/grpc-js';
import { type Address, formatAddress, isLoopback } from '../core/address.js';
import { invalid, MootError } from '../core/errors.js';

/** The header that carries a request's id from hop to hop. */
export const requestIdHeader = 'moot-request-id';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from now in which the call must be done; none: it may take as long as it likes. */
  readonly deadlineMs?: number | undefined;
  /** Sent as `authorization: Bearer`. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * What goes before the request. `mayTell`: the connection is private, or it does not matter.
 * @throws MootError `denied` rather than send a token over plaintext to another machine without `insecure`; `invalid` when
 * a header cannot be sent as it is.
 */
export function callMetadata(to: Address, mayTell: boolean, { token, headers, deadlineMs }: CallOptions): Metadata {
  const metadata = new Metadata();
  if (deadlineMs !== undefined) metadata.set('grpc-timeout', toTimeout(deadlineMs));
  for (const [name, value] of Object.entries(headers ?? {})) metadata.set(name, printable(name, value));
  if (token === undefined) return metadata;
  if (!mayTell && !isLoopback(to.host))
    throw new MootError('denied', `a token is not sent to ${formatAddress(to)} over plaintext`, {
      hint: 'TLS: name it as HOST:PORT#FINGERPRINT, or --tls-ca FILE; --insecure where the network between is your own',
    });
  metadata.set('authorization', `Bearer ${printable('token', token)}`);
  return metadata;
}

/** As the protocol writes it: eight digits at most, and a unit. */
function toTimeout(ms: number): string {
  return `${Math.min(99_999_999, Math.max(1, Math.ceil(ms)))}m`;
}

function printable(name: string, value: string): string {
  if (!/^[!-~]+$/.test(value)) throw invalid(name, `${name} holds characters that cannot be sent`);
  return value;
}
