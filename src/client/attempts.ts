import { codeOf } from '../core/errors.js';
import type { KnownServer } from './known-server.js';
import type { Parts } from './parts.js';
import type { CallOptions } from './types.js';

/** So many replicas are asked one after the other: as many as usually run, and one that is new. */
const most = 4;

/** A question, which does no harm when it is asked twice: where a replica fails, another one is asked for as long as the call may take. */
export class Attempts {
  private count = 1;
  private readonly untilMs: number;

  constructor(
    private readonly server: KnownServer,
    private readonly parts: Parts,
    private readonly given: CallOptions,
  ) {
    this.untilMs = parts.clock.monotonic() + (given.timeoutMs ?? parts.timeoutMs);
  }

  /** Of the attempt that begins now: it has the time that is left. */
  get options(): CallOptions {
    return { ...this.given, timeoutMs: Math.max(1, Math.round(this.untilMs - this.parts.clock.monotonic())) };
  }

  /** What an attempt has ended with. @returns whether another replica is to be asked. */
  goesOn(error: unknown): boolean {
    this.server.failed(error);
    this.count += 1;
    if (codeOf(error) !== 'unavailable' || this.given.signal?.aborted) return false;
    return this.server.hasReplicas && this.count <= most && this.parts.clock.monotonic() < this.untilMs;
  }

  /** @throws what the last attempt threw. */
  async run<T>(work: (options: CallOptions) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work(this.options);
      } catch (error) {
        if (!this.goesOn(error)) throw error;
      }
    }
  }
}
