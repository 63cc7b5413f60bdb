import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { invalid, type MootError } from '../core/errors.js';
import { fingerprintOf } from '../identity/fingerprint.js';
import type { Certificate } from '../rpc/secure-door.js';
import { diskReason } from '../store/disk-reason.js';

/** Files in PEM: a certificate, with those that lead up to its authority after it, and its private key. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export interface ReadCertificate extends Certificate {
  readonly fingerprint: string;
}

/**
 * A certificate that can be served from now on.
 * @throws MootError `invalid` naming `tlsCert` or `tlsKey`: a file that cannot be read or is none of the kind, a pair that
 * is none, a certificate that is not valid at `nowMs`.
 */
export async function readCertificate(files: CertificateFiles, nowMs: number): Promise<ReadCertificate> {
  const [cert, key] = await Promise.all([text('tlsCert', files.cert), text('tlsKey', files.key)]);
  const certificate = parsed('tlsCert', files.cert, 'a certificate', () => new X509Certificate(cert));
  const privateKey = parsed('tlsKey', files.key, 'a private key without a password', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw invalid(
      'tlsKey',
      `--tls-key ${files.key} is not the key of the certificate in ${files.cert}`,
      '--tls-key FILE, the key that it was made with',
    );
  requireValid(certificate, files.cert, nowMs);
  return { cert, key, fingerprint: fingerprintOf(certificate.publicKey) };
}

function requireValid({ validFrom, validTo }: X509Certificate, file: string, nowMs: number): void {
  const whole = `the certificate in --tls-cert ${file}`;
  if (Date.parse(validTo) <= nowMs)
    throw invalid('tlsCert', `${whole} expired on ${day(validTo)}`, 'renew it, or set the clock of this machine');
  if (Date.parse(validFrom) > nowMs)
    throw invalid('tlsCert', `${whole} is valid from ${day(validFrom)} only`, 'set the clock of this machine');
}

async function text(field: 'tlsCert' | 'tlsKey', file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fault(field, file, `cannot be read: ${diskReason(error)}`);
  }
}

function parsed<T extends X509Certificate | KeyObject>(
  field: 'tlsCert' | 'tlsKey',
  file: string,
  kind: string,
  parse: () => T,
): T {
  try {
    return parse();
  } catch {
    throw fault(field, file, `does not hold ${kind} in PEM`);
  }
}

const hints = {
  tlsCert: '--tls-cert FILE, a certificate in PEM that this user may read',
  tlsKey: '--tls-key FILE, its key in PEM that this user may read, without a password',
} as const;

function fault(field: 'tlsCert' | 'tlsKey', file: string, what: string): MootError {
  return invalid(field, `${field === 'tlsCert' ? '--tls-cert' : '--tls-key'} ${file} ${what}`, hints[field]);
}

function day(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}
