import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { type Address, isLoopback, parseAddress } from '../../core/address.js';
import type { Check } from './check.js';

const day = 86_400_000;
/** Who renews by itself does so a month before: half of that is late. */
const soonDays = 14;
const renewal = 'put a new certificate and its key in the place of --tls-cert and --tls-key; no restart is needed';

/** What is wrong with how `who` is reached, as far as it can be seen before the first call; nothing when all is well. */
export async function* checkDoor(
  who: string,
  address: string,
  timeoutMs: number,
  now: () => number,
): AsyncGenerator<Check> {
  const to = parseAddress(address);
  if (to.fingerprint === undefined) {
    if (!isLoopback(to.host)) yield plaintext(who, to);
    return;
  }
  const certificate = await certificateAt(to, timeoutMs).catch(() => undefined);
  // Who does not answer is told of by the call itself.
  if (certificate) yield* checkCertificate(certificate, to, now());
}

/** A certificate that was met at `to`, at `nowMs`. */
function* checkCertificate(certificate: X509Certificate, to: Address, nowMs: number): Generator<Check> {
  const check = 'certificate';
  const whole = `the certificate at ${to.host}:${to.port}`;
  const [fromMs, toMs] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (toMs <= nowMs) yield { check, status: 'FAIL', detail: `${whole} has expired on ${dayOf(toMs)}`, hint: renewal };
  else if (fromMs > nowMs)
    yield { check, status: 'FAIL', detail: `${whole} is valid from ${dayOf(fromMs)} only`, hint: renewal };
  else if (toMs - nowMs < soonDays * day)
    yield { check, status: 'warning', detail: `${whole} expires on ${dayOf(toMs)}`, hint: renewal };
  const host = to.host.replace(/^\[|\]$/g, '');
  const isNamed = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host);
  if (isNamed !== undefined) return;
  const detail = `${whole} is for another name: who goes by an authority (--tls-ca) does not accept it`;
  yield { check, status: 'warning', detail, hint: `a certificate for ${host}, with the same key` };
}

function plaintext(who: string, { host, port }: Address): Check {
  return {
    check: 'plaintext',
    status: 'FAIL',
    detail: `${who} at ${host}:${port} speaks plaintext beyond its own machine: who listens on the way reads tokens and articles`,
    hint: 'start it with --tls-cert FILE and --tls-key FILE',
  };
}

function certificateAt({ host, port }: Address, timeoutMs: number): Promise<X509Certificate | undefined> {
  const bare = host.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: bare,
      port,
      ...(isIP(bare) ? {} : { servername: bare }),
      ALPNProtocols: ['h2'],
      // It is looked at, and nothing is said to it.
      rejectUnauthorized: false,
    });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('the handshake took too long')));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
  });
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
