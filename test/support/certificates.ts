import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf } from '../../src/identity/fingerprint.js';

/** Two files, as `--tls-cert` and `--tls-key` take them. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
}

export interface Wanted {
  /** From now; less than none is a certificate that has expired. Default 2. */
  readonly days?: number;
  /** Default: what a server on loopback is called. */
  readonly names?: string;
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority of its own, whose certificates are made by the `openssl` command, as an operator would make them. */
export class TestAuthority {
  readonly file: string;

  constructor(private readonly folder: string) {
    this.file = join(folder, 'ca.pem');
    this.openssl(
      'req',
      '-x509',
      ...curve,
      '-subj',
      '/CN=authority',
      '-days',
      '9',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    );
  }

  get pem(): string {
    return readFileSync(this.file, 'utf8');
  }

  issue(name: string, { days = 2, names = 'DNS:localhost,IP:127.0.0.1' }: Wanted = {}): TestCertificate {
    writeFileSync(join(this.folder, `${name}.ext`), `subjectAltName=${names}`);
    this.openssl('req', ...curve, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    const made = ['-days', String(days), '-extfile', `${name}.ext`, '-in', `${name}.csr`, '-out', `${name}.pem`];
    this.openssl('x509', '-req', ...authority, ...made);
    const cert = join(this.folder, `${name}.pem`);
    const { publicKey } = new X509Certificate(readFileSync(cert));
    return { cert, key: join(this.folder, `${name}.key`), fingerprint: fingerprintOf(publicKey) };
  }

  private openssl(...words: string[]): void {
    execFileSync('openssl', words, { cwd: this.folder, stdio: 'pipe' });
  }
}

/** Puts the files of `next` in the place of those of `served`, one after the other, as a renewal does. */
export function renew(served: TestCertificate, next: TestCertificate): void {
  renameSync(next.cert, served.cert);
  renameSync(next.key, served.key);
}
