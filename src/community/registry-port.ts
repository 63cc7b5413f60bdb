import type { SignedServerEntry } from '../core/server-entry.js';

/** One registry, as a community calls it. rpc/ does it over gRPC. */
export interface RegistryPort {
  /**
   * Lists the server that signed, or renews it.
   * @throws MootError `gone` when the counter is not above the newest known, `already_exists` naming `name` when another
   * key holds the name, `full`, `invalid`, and `unavailable` or `timed_out` when the registry does not answer.
   */
  register(signed: SignedServerEntry, signal: AbortSignal): Promise<{ readonly renewAfterMs: number }>;
  /** Takes the server off the list at once: `signed` holds an entry without addresses. */
  deregister(signed: SignedServerEntry, signal: AbortSignal): Promise<void>;
}
