import type { RegistryPort } from '../../src/community/registry-port.js';
import { MootError } from '../../src/core/errors.js';
import type { ServerEntry, SignedServerEntry } from '../../src/core/server-entry.js';
import { Registry, type RegistryOptions } from '../../src/registry/registry.js';
import type { StepClock } from './step-clock.js';

/** A real registry behind a wire that can be cut. What travels is not signed here. */
export class FaultyRegistry implements RegistryPort {
  state: 'there' | 'away' | 'silent' = 'there';
  /** When each entry came, by the clock's durations. */
  readonly received: { readonly atMs: number; readonly entry: ServerEntry }[] = [];
  private registry: Registry;

  constructor(
    private readonly clock: StepClock,
    private readonly options: RegistryOptions = {},
  ) {
    this.registry = new Registry(clock, options);
  }

  async register(signed: SignedServerEntry): Promise<{ renewAfterMs: number }> {
    const entry = await this.arrive(signed);
    this.received.push({ atMs: this.clock.monotonic(), entry });
    return this.registry.register(entry, signed);
  }

  async deregister(signed: SignedServerEntry): Promise<void> {
    const entry = await this.arrive(signed);
    this.registry.deregister(entry, signed);
  }

  /** It stops, and starts with nothing. */
  restart(): void {
    this.registry = new Registry(this.clock, this.options);
  }

  names(): string[] {
    const all = { pageSize: 1000, pageToken: '', name: '', idPrefix: '', topic: '' };
    return this.registry.list(all).servers.map(({ entry }) => entry.name);
  }

  private arrive(signed: SignedServerEntry): Promise<ServerEntry> {
    if (this.state === 'silent') return new Promise(() => undefined);
    if (this.state === 'away') return Promise.reject(new MootError('unavailable', 'the registry is away'));
    return Promise.resolve(JSON.parse(Buffer.from(signed.entry).toString()) as ServerEntry);
  }
}
