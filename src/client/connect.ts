import { join } from 'node:path';
import { parseAddress } from '../core/address.js';
import { invalid } from '../core/errors.js';
import { requireCertificates } from '../identity/fingerprint.js';
import { KeyRing } from '../identity/key-ring.js';
import { Connections } from './connections.js';
import { Directory } from './directory.js';
import { MemoryMemberships } from './memberships.js';
import { MembershipsFile } from './memberships-file.js';
import { Moot } from './moot.js';
import type { Parts } from './parts.js';
import { Registries } from './registries.js';
import { wakingClock } from './waking-clock.js';

export interface ConnectOptions {
  /** HOST:PORT of one registry or several; default localhost:50051. */
  readonly registry?: string | readonly string[] | undefined;
  /** The folder where memberships are kept, and operators' tokens found; default: they are kept in memory. */
  readonly home?: string | undefined;
  /** How long one call may take; default 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Lets tokens go over plaintext to other machines. */
  readonly insecure?: boolean | undefined;
  /**
   * Who vouches for what is named by HOST:PORT alone, registries too: certificates in PEM. What a registry lists, and what
   * is named as HOST:PORT#FINGERPRINT, needs nobody to vouch for it.
   */
  readonly tls?: { readonly ca: string } | undefined;
}

const defaultRegistry = 'localhost:50051';
const defaultTimeoutMs = 5000;

/**
 * Opens the network. Nothing is dialled before it is needed, and connections that break are made again.
 * @throws MootError `invalid` when a registry is not HOST:PORT or HOST:PORT#FINGERPRINT, or `tls.ca` holds no certificate.
 */
export async function connect(options: ConnectOptions = {}): Promise<Moot> {
  const { registry = defaultRegistry, home, timeoutMs = defaultTimeoutMs, insecure = false, tls } = options;
  const registries = typeof registry === 'string' ? [registry] : registry;
  for (const address of registries) parseAddress(address, 'registry');
  if (registries.length === 0) throw invalid('registry', 'no registry is given', defaultRegistry);
  if (!(timeoutMs >= 1)) throw invalid('timeoutMs', `timeoutMs is ${timeoutMs}; it must be at least 1`);
  if (tls) requireCertificates(tls.ca);
  const clock = wakingClock;
  const memberships =
    home === undefined ? new MemoryMemberships() : new MembershipsFile(join(home, 'memberships.json'), clock);
  const connections = new Connections(insecure, tls?.ca);
  const parts: Parts = { connections, memberships, clock, ring: new KeyRing(), timeoutMs, home };
  return new Moot(new Directory(new Registries(registries, parts), parts), parts);
}
