import { readFile } from 'node:fs/promises';
import { requireCertificates } from '../identity/fingerprint.js';
import { typed } from './parse/refused.js';
import { systemReason } from './system-reason.js';
import { usage } from './usage.js';

const hint = '--tls-ca FILE, the certificate of the authority in PEM';

/** What `--tls-ca` names, in PEM. @throws UsageError when it cannot be read, or holds no certificate. */
export async function readAuthority(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  let pem: string;
  try {
    pem = await readFile(file, 'utf8');
  } catch (cause) {
    throw usage('--tls-ca', `--tls-ca ${file} cannot be read: ${systemReason(cause)}`, hint, cause);
  }
  typed(`--tls-ca ${file}`, () => requireCertificates(pem), '--tls-ca', hint);
  return pem;
}
