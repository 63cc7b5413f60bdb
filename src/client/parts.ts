import type { Clock } from '../core/clock.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { CallOptions as WireOptions } from '../wire/call-metadata.js';
import type { Connections } from './connections.js';
import type { Memberships } from './memberships.js';
import type { CallOptions } from './types.js';

/** What the parts of one `connect` share. */
export interface Parts {
  readonly connections: Connections;
  readonly memberships: Memberships;
  readonly clock: Clock;
  /** What is known of keys that were replaced. */
  readonly ring: KeyRing;
  /** How long a call may take that says nothing else. */
  readonly timeoutMs: number;
  /** Where operators' tokens are kept; undefined: nowhere. */
  readonly home: string | undefined;
}

export function toWireOptions(parts: Parts, options: CallOptions, token?: string): WireOptions {
  return { deadlineMs: options.timeoutMs ?? parts.timeoutMs, signal: options.signal, token };
}
