import { type Clock, sleep } from '../core/clock.js';
import { codeOf, isMootError, type MootError } from '../core/errors.js';
import type { ServerWord, SignedServerEntry } from '../core/server-entry.js';
import { bounded } from './bounded.js';
import type { RegistryPort } from './registry-port.js';

/** Where a server stands with one registry. */
export interface RegistryStatus {
  /** The registry's. */
  readonly address: string;
  readonly state: 'registered' | 'away' | 'refused';
  /** A sentence; '' when registered. */
  readonly reason: string;
  /** Since when it has been in this state. */
  readonly sinceMs: number;
}

/** What an enrolment needs of the server it lists. */
export interface Enrollable {
  /** The entry as it is now, under a counter that was never used, and signed. @throws MootError */
  sign(): Promise<{ readonly entry: ServerWord; readonly signed: SignedServerEntry }>;
  /** The registry knows a newer counter: true when the next entry has a higher one. */
  leap(): boolean;
  /** The name belongs to another key: true when the next entry has another name. */
  rename(takenName: string): Promise<boolean>;
  /** Told at each change of state, with what was thrown, for the log. */
  report(status: RegistryStatus, error: unknown): void;
}

/** How long a registry may take to answer. */
const attemptMs = 3000;
/** RELIABILITY of the network: listed again at most 15 s after the registry is back; attempt and pause stay below 10. */
const longestPauseMs = 5000;
const firstPauseMs = 250;
/** DESIGN of the network, "The registry": a change is sent at most once a second. */
const betweenChangesMs = 1000;
/** Answers to which the right thing is to send another entry at once: counters to leap over, one name. */
const repliesAtOnce = 20;

/** Keeps a server listed at one registry: renews, sends what changed, and tries again for as long as it takes. */
export class Enrolment {
  private current: RegistryStatus;
  private failures = 0;
  private hasChanged = false;
  private sentMs = Number.NEGATIVE_INFINITY;
  private waking = new AbortController();

  constructor(
    private readonly address: string,
    private readonly registry: RegistryPort,
    private readonly server: Enrollable,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {
    this.current = { address, state: 'away', reason: 'it was not asked yet', sinceMs: clock.now() };
  }

  status(): RegistryStatus {
    return this.current;
  }

  /** What the server says of itself has changed. While the registry is away the next attempt brings it anyway. */
  changed(): void {
    this.hasChanged = true;
    if (this.current.state === 'registered') this.waking.abort();
  }

  /** Sends one entry, and more where the answer asks for it. Never rejects. @returns milliseconds until the next one. */
  async attempt(signal: AbortSignal): Promise<number> {
    try {
      const renewAfterMs = await this.enrol(signal);
      this.failures = 0;
      this.enter('registered', '', undefined);
      return clamp(renewAfterMs, 500, 60_000) * (0.8 + 0.2 * this.random());
    } catch (error) {
      if (!signal.aborted) this.fail(error);
      this.failures += 1;
      return this.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.failures, 10));
    }
  }

  /** Goes on until `signal` fires. Never rejects. */
  async keep(firstPause: number, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.waking.abort(), { once: true });
    for (let pauseMs = firstPause; !signal.aborted; pauseMs = await this.attempt(signal)) {
      await this.rest(pauseMs, signal);
      if (signal.aborted) return;
    }
  }

  /** @throws MootError */
  leave(signed: SignedServerEntry, signal: AbortSignal): Promise<void> {
    return this.registry.deregister(signed, signal);
  }

  /** Sends one entry more, whatever the answer is. @throws MootError */
  async send(signed: SignedServerEntry, signal: AbortSignal): Promise<void> {
    await this.registry.register(signed, signal);
  }

  private async enrol(signal: AbortSignal): Promise<number> {
    for (let replies = 0; ; replies += 1) {
      this.hasChanged = false;
      this.sentMs = this.clock.monotonic();
      let sent: ServerWord | undefined;
      try {
        const answer = await bounded(this.clock, attemptMs, signal, async (ending) => {
          const { entry, signed } = await this.server.sign();
          sent = entry;
          return this.registry.register(signed, ending);
        });
        return answer.renewAfterMs;
      } catch (error) {
        if (!sent || replies >= repliesAtOnce || !(await this.isMended(error, sent))) throw error;
      }
    }
  }

  private async isMended(error: unknown, entry: ServerWord): Promise<boolean> {
    if (codeOf(error) === 'gone') return this.server.leap();
    const isNameTaken = codeOf(error) === 'already_exists' && isMootError(error) && error.field === 'name';
    return isNameTaken && this.server.rename(entry.name);
  }

  private async rest(pauseMs: number, signal: AbortSignal): Promise<void> {
    this.waking = new AbortController();
    const isDue = this.hasChanged && this.current.state === 'registered';
    if (!isDue) await sleep(this.clock, pauseMs, this.waking.signal);
    if (!isDue && !this.waking.signal.aborted) return;
    const restMs = this.sentMs + betweenChangesMs - this.clock.monotonic();
    if (restMs > 0) await sleep(this.clock, restMs, signal);
  }

  private fail(error: unknown): void {
    const isAway = awayCodes.has(codeOf(error));
    const reason = isMootError(error) ? error.message : 'something failed here; the log says what';
    this.enter(isAway ? 'away' : 'refused', reason, error);
  }

  private enter(state: RegistryStatus['state'], reason: string, error: unknown): void {
    const isNew = state !== this.current.state || this.sentMs === Number.NEGATIVE_INFINITY;
    const { address } = this;
    const isNews = isNew || reason !== this.current.reason;
    this.current = { address, state, reason, sinceMs: isNew ? this.clock.now() : this.current.sinceMs };
    if (isNews) this.server.report(this.current, error);
  }
}

const awayCodes: ReadonlySet<MootError['code']> = new Set(['unavailable', 'timed_out', 'cancelled'] as const);

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Number.isFinite(value) ? value : least));
}
