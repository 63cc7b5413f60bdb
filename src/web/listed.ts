import type { Moot, ServerInfo } from '../client/index.js';
import { pickServer } from '../client/lookup.js';
import { placeOf } from '../core/address.js';
import { type Clock, sleep } from '../core/clock.js';
import { isMootError, MootError } from '../core/errors.js';
import { Listeners } from '../core/listeners.js';
import { foldName } from '../core/name.js';

/** How long a reader waits for the first list. */
const firstListMs = 10_000;
const againMs = 2000;

/** A community that is shown whatever the registries say, and where it is. */
export interface OnlyServer {
  readonly id: string;
  readonly address: string;
}

/** What the registries list, as it changes. Nothing else can be named: whatever a reader writes, the gateway dials no address of theirs. */
export class Listed {
  private readonly now = new Map<string, ServerInfo>();
  /** As they were last known: links still name them. */
  private readonly lost = new Map<string, ServerInfo>();
  private readonly away = new Map<string, string>();
  private readonly ending = new AbortController();
  private readonly listeners = new Listeners<void>();
  private readonly first: Promise<void>;
  private hasHeard = false;

  /** @param only the one community that is shown. */
  constructor(
    moot: Moot,
    clock: Clock,
    private readonly only?: OnlyServer | undefined,
  ) {
    this.first = new Promise((resolve) => {
      void Promise.all([this.watch(moot, resolve), this.know(moot)]);
      void sleep(clock, firstListMs, this.ending.signal).then(resolve);
    });
  }

  /** Resolves when the registries have said what they list, or that they are not there. */
  ready(): Promise<void> {
    return this.first;
  }

  all(): readonly ServerInfo[] {
    return this.shown(this.now);
  }

  /** No longer listed. */
  gone(): readonly ServerInfo[] {
    return this.shown(this.lost);
  }

  /** What was last known of any server, shown or not. */
  info(id: string): ServerInfo | undefined {
    return this.now.get(id) ?? this.lost.get(id);
  }

  /** Sentences: which registries cannot be heard. */
  missing(): readonly string[] {
    return [...this.away].map(([registry, reason]) => `the registry ${placeOf(registry)} is not heard: ${reason}`);
  }

  /** @throws MootError `not_found`, or `invalid` listing the candidates. */
  async find(name: string): Promise<ServerInfo> {
    await this.first;
    if (this.now.size === 0 && (this.away.size > 0 || !this.hasHeard)) {
      const why = this.missing().join('; ') || 'no registry has said yet what there is';
      throw new MootError('unavailable', why, { retryAfterMs: againMs });
    }
    return pickServer(name, this.all());
  }

  onChange(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  close(): void {
    this.ending.abort();
  }

  private shown(servers: ReadonlyMap<string, ServerInfo>): readonly ServerInfo[] {
    return [...servers.values()].filter(({ id }) => this.only === undefined || id === this.only.id);
  }

  private async watch(moot: Moot, ready: () => void): Promise<void> {
    try {
      for await (const event of moot.watchServers({ signal: this.ending.signal })) {
        if (event.type === 'away') this.away.set(event.registry, event.reason);
        else if (event.type === 'listedAll') this.heard(event.registry);
        else this.take(event.type === 'gone', event.server);
        if (event.type === 'away' || event.type === 'listedAll') ready();
        this.listeners.tell();
      }
    } catch (error) {
      this.away.set('', isMootError(error) ? error.message : 'the watch failed here');
      ready();
    }
  }

  private heard(registry: string): void {
    this.away.delete(registry);
    this.hasHeard = true;
  }

  /** By its own word, while no registry has it. */
  private async know(moot: Moot): Promise<void> {
    if (!this.only) return;
    const { id, address } = this.only;
    const server = await moot.find(address, { signal: this.ending.signal }).catch(() => undefined);
    if (server?.id === id && !this.now.has(id)) this.now.set(id, server);
  }

  private take(isGone: boolean, server: ServerInfo): void {
    if (isGone && server.id === this.only?.id) return;
    const [from, to] = isGone ? [this.now, this.lost] : [this.lost, this.now];
    from.delete(server.id);
    to.set(server.id, server);
  }
}

/** Whether `name` stands for the federation as a whole. */
export function isAny(name: string): boolean {
  return foldName(name) === 'any';
}
