import pLimit from 'p-limit';
import type { Clock } from '../core/clock.js';
import type { ServerWord, SignedServerEntry } from '../core/server-entry.js';
import type { SettingStore } from '../core/stores.js';
import { bounded } from './bounded.js';
import { Enrolment, type RegistryStatus } from './enrolment.js';
import type { RegistryPort } from './registry-port.js';
import { RisingCounter } from './rising-counter.js';

export interface RegistrationParts {
  readonly clock: Clock;
  /** Keeps the counter over restarts. */
  readonly settings: SettingStore;
  readonly registries: readonly { readonly address: string; readonly port: RegistryPort }[];
  /** What the server says of itself now. */
  readonly describe: () => Promise<Omit<ServerWord, 'counter'>>;
  readonly sign: (entry: ServerWord) => SignedServerEntry;
  /**
   * Given when the name is a default one (`Server50052`): told the name to take (`Server50052-ab12`) because the default
   * belongs to another key. `describe` has it from then on. A name that was chosen is never changed.
   */
  readonly rename?: ((name: string) => Promise<void>) | undefined;
  /** Told at each change of state, with what was thrown. */
  readonly report?: ((status: RegistryStatus, error: unknown) => void) | undefined;
  /** Given where the community has replicas. */
  readonly replicas?: RegisteredReplicas | undefined;
  /** 0 to 1; spreads renewals and attempts. Default `Math.random`. */
  readonly random?: () => number;
}

/** The other replicas of the community, which number and renew the same entry. */
export interface RegisteredReplicas {
  /** Runs `work` while no other replica numbers entries. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** Where the others are now. */
  readonly others: () => readonly string[];
}

/** How long saying goodbye may take, all registries together. */
const farewellMs = 1000;

/** Keeps a server listed at every registry it was given, whether they are there or not. */
export class Registration {
  private readonly enrolments: readonly Enrolment[];
  private readonly counter: RisingCounter;
  private readonly stopping = new AbortController();
  private keeping: Promise<unknown> = Promise.resolve();
  private readonly oneAtATime = pLimit(1);

  constructor(private readonly parts: RegistrationParts) {
    const { clock, settings, registries, random = Math.random } = parts;
    this.counter = new RisingCounter(settings, clock, parts.replicas?.alone);
    const server = {
      sign: () => this.sign({}),
      leap: () => this.counter.leap(),
      rename: (takenName: string) => this.oneAtATime(() => this.rename(takenName)),
      report: (status: RegistryStatus, error: unknown) => {
        if (status.state === 'registered') this.counter.settle();
        parts.report?.(status, error);
      },
    };
    this.enrolments = registries.map(({ address, port }) => new Enrolment(address, port, server, clock, random));
  }

  /**
   * Asks every registry once, side by side, then goes on in the background until `stop`. A registry that is away takes at
   * most 3 s and is no error.
   * @returns where the server stands with each of them.
   */
  async start(): Promise<readonly RegistryStatus[]> {
    const { signal } = this.stopping;
    const pauses = await Promise.all(this.enrolments.map((enrolment) => enrolment.attempt(signal)));
    this.keeping = Promise.all(this.enrolments.map((enrolment, at) => enrolment.keep(pauses[at] ?? 0, signal)));
    return this.status();
  }

  /** What `describe` says has changed: it is sent at once, at most once a second. */
  changed(): void {
    for (const enrolment of this.enrolments) enrolment.changed();
  }

  status(): readonly RegistryStatus[] {
    return this.enrolments.map((enrolment) => enrolment.status());
  }

  /**
   * Takes the server off every list, as far as that can be done within a second; where other replicas go on, its address
   * alone. Never rejects.
   */
  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    const farewell = bounded(this.parts.clock, farewellMs, undefined, async (signal) => {
      await this.keeping;
      const addresses = this.parts.replicas?.others() ?? [];
      // Without addresses: that is how an entry says that its server is gone.
      const isGone = addresses.length === 0;
      const { signed } = await this.sign(isGone ? { addresses, links: [], head: undefined } : { addresses });
      await Promise.allSettled(
        this.enrolments.map((one) => (isGone ? one.leave(signed, signal) : one.send(signed, signal))),
      );
    });
    // The leases end by themselves; there is nobody left to tell.
    await farewell.catch(() => undefined);
  }

  private async sign(change: Partial<ServerWord>): Promise<{ entry: ServerWord; signed: SignedServerEntry }> {
    const said = await this.parts.describe();
    const entry = { ...said, ...change, counter: await this.counter.next() };
    return { entry, signed: this.parts.sign(entry) };
  }

  private async rename(takenName: string): Promise<boolean> {
    const { describe, rename } = this.parts;
    const { id, name } = await describe();
    // Another registry has refused the old name meanwhile.
    if (name !== takenName) return true;
    const suffix = `-${id.slice(0, 4)}`;
    if (!rename || name.endsWith(suffix)) return false;
    await rename(`${name}${suffix}`);
    this.changed();
    return true;
  }
}
