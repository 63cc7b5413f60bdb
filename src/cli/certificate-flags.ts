import type { CertificateFiles } from '../app/read-certificate.js';
import { usage } from './usage.js';

export interface CertificateFlags {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** The flags of what listens, with their help. */
export const tlsCert = [
  '--tls-cert <file>',
  'its certificate in PEM, read again when it changes; it then speaks TLS',
] as const;
export const tlsKey = ['--tls-key <file>', 'the key of that certificate, in PEM'] as const;

/** @throws UsageError when one is given without the other. */
export function certificateFiles({ tlsCert, tlsKey }: CertificateFlags): CertificateFiles | undefined {
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: tlsCert, key: tlsKey };
  if (tlsCert !== undefined)
    throw usage('--tls-key', '--tls-cert needs --tls-key', '--tls-key FILE, the key it is for');
  if (tlsKey !== undefined)
    throw usage('--tls-cert', '--tls-key needs --tls-cert', '--tls-cert FILE, the certificate of that key');
  return undefined;
}
