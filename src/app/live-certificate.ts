import { type Clock, sleep } from '../core/clock.js';
import { isMootError } from '../core/errors.js';
import type { Certificate, ServedCertificate } from '../rpc/secure-door.js';
import type { Log } from './config.js';
import { type CertificateFiles, type ReadCertificate, readCertificate } from './read-certificate.js';

/** How often the files are read again. */
const lookMs = 1000;

/** A certificate as its files have it now. One that cannot be served leaves the one before in its place, and is told. */
export class LiveCertificate implements ServedCertificate {
  private readonly listeners = new Set<(now: Certificate) => void>();
  private readonly closing = new AbortController();
  /** What was wrong at the last look: files that are being replaced are told of only when they stay as they are. */
  private fault = { text: '', times: 0 };

  private constructor(
    private readonly files: CertificateFiles,
    private readonly clock: Clock,
    private readonly log: Log | undefined,
    private served: ReadCertificate,
  ) {
    void this.watch();
  }

  /** @throws MootError `invalid` naming the flag at fault. */
  static async open(files: CertificateFiles, clock: Clock, log: Log | undefined): Promise<LiveCertificate> {
    return new LiveCertificate(files, clock, log, await readCertificate(files, clock.now()));
  }

  get current(): Certificate {
    return this.served;
  }

  get fingerprint(): string {
    return this.served.fingerprint;
  }

  readonly onChange = (tell: (now: Certificate) => void): void => {
    this.listeners.add(tell);
  };

  close(): void {
    this.closing.abort();
  }

  private async watch(): Promise<void> {
    const { signal } = this.closing;
    for (;;) {
      await sleep(this.clock, lookMs, signal);
      if (signal.aborted) return;
      await this.look();
    }
  }

  private async look(): Promise<void> {
    try {
      const read = await readCertificate(this.files, this.clock.now());
      this.fault = { text: '', times: 0 };
      if (read.cert === this.served.cert && read.key === this.served.key) return;
      this.served = read;
      for (const tell of this.listeners) tell(read);
      this.log?.({ level: 'info', text: `a new certificate is served (${read.fingerprint.slice(0, 12)}…)` });
    } catch (error) {
      this.tell(isMootError(error) ? error.message : String(error));
    }
  }

  private tell(text: string): void {
    this.fault = { text, times: this.fault.text === text ? this.fault.times + 1 : 1 };
    if (this.fault.times === 2) this.log?.({ level: 'warn', text: `the certificate that was served goes on: ${text}` });
  }
}
