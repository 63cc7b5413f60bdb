import { join } from 'node:path';
import { parseAddress } from '../core/address.js';
import { invalid } from '../core/errors.js';
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
}

const defaultRegistry = 'localhost:50051';
const defaultTimeoutMs = 5000;

/**
 * Opens the network. Nothing is dialled before it is needed, and connections that break are made again.
 * @throws MootError `invalid` when a registry is not HOST:PORT.
 */
export async function connect(options: ConnectOptions = {}): Promise<Moot> {
  const { registry = defaultRegistry, home, timeoutMs = defaultTimeoutMs, insecure = false } = options;
  const registries = typeof registry === 'string' ? [registry] : registry;
  for (const address of registries) parseAddress(address, 'registry');
  if (registries.length === 0) throw invalid('registry', 'no registry is given', defaultRegistry);
  if (!(timeoutMs >= 1)) throw invalid('timeoutMs', `timeoutMs is ${timeoutMs}; it must be at least 1`);
  const clock = wakingClock;
  const memberships =
    home === undefined ? new MemoryMemberships() : new MembershipsFile(join(home, 'memberships.json'), clock);
  const parts: Parts = { connections: new Connections(insecure), memberships, clock, timeoutMs, home };
  return new Moot(new Directory(new Registries(registries, parts), parts), parts);
}
