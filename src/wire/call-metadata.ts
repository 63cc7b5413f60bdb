import { Metadata } from '@grpc/grpc-js';
import { type Address, formatAddress, isLoopback } from '../core/address.js';
import { invalid, MootError } from '../core/errors.js';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from now in which the call must be done; none: it may take as long as it likes. */
  readonly deadlineMs?: number | undefined;
  /** Sent as `authorization: Bearer`. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * What goes before the request.
 * @throws MootError `denied` rather than send a token over plaintext to another machine without `insecure`; `invalid` when
 * a header cannot be sent as it is.
 */
export function callMetadata(to: Address, insecure: boolean, { token, headers }: CallOptions): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers ?? {})) metadata.set(name, printable(name, value));
  if (token === undefined) return metadata;
  if (!insecure && !isLoopback(to.host))
    throw new MootError('denied', `a token is not sent to ${formatAddress(to)} over plaintext`, {
      hint: 'use --insecure where the network between is your own',
    });
  metadata.set('authorization', `Bearer ${printable('token', token)}`);
  return metadata;
}

function printable(name: string, value: string): string {
  if (!/^[!-~]+$/.test(value)) throw invalid(name, `${name} holds characters that cannot be sent`);
  return value;
}
