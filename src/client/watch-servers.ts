import type { Clock } from '../core/clock.js';
import type { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { type ServerEntry, saysTheSame } from '../core/server-entry.js';
import type { KeyRing } from '../identity/key-ring.js';
import { Bell } from './bell.js';
import type { Membership } from './memberships.js';
import { MergedServers } from './merged-servers.js';
import type { ServerFilter } from './registries.js';
import { type OpenWatch, watchRegistry } from './registry-watch.js';
import { toServerInfo } from './server-info.js';
import type { ServerInfo } from './types.js';

export interface WatchOptions extends ServerFilter {
  /** Ends it: the loop then ends without an error. */
  readonly signal?: AbortSignal | undefined;
}

export type ServerEvent =
  | { readonly type: 'listed' | 'changed'; readonly server: ServerInfo }
  /** It left, or its lease ended; as it was last known. */
  | { readonly type: 'gone'; readonly server: ServerInfo }
  /** All that the registry listed has been told; once for each connection to it. */
  | { readonly type: 'listedAll'; readonly registry: string }
  /** Nothing is heard from the registry; undefined `retryInMs`: it will not be tried any more. */
  | {
      readonly type: 'away';
      readonly registry: string;
      readonly reason: string;
      readonly retryInMs: number | undefined;
    };

/** What is kept of the communities that we are members of, or have asked to join. */
type Kept = ReadonlyMap<OriginId, Pick<Membership, 'isWaiting'>>;

export interface WatchParts {
  readonly clock: Clock;
  /** The registries, and how each is watched. */
  readonly registries: ReadonlyMap<string, OpenWatch>;
  readonly kept: () => Promise<Kept>;
  /** What is known of keys that were replaced; default: nothing. */
  readonly ring?: KeyRing | undefined;
}

/**
 * What the registries list, as it changes; it connects again by itself. A reader that takes its time is told what holds
 * then: memory is bounded by the number of servers, not by that of changes. It begins when it is first read.
 * @throws MootError when no registry can ever be watched: what the last of them said.
 */
export async function* watchServers(parts: WatchParts, signal: AbortSignal): AsyncGenerator<ServerEvent, undefined> {
  const ending = new AbortController();
  const end = (): void => {
    ending.abort();
    news.ring();
  };
  const news = new News();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) ending.abort();
  const { clock, registries, ring } = parts;
  const watched = { clock, ring, signal: ending.signal };
  for (const [registry, open] of registries) void watchRegistry(open, news.of(registry), watched);
  try {
    while (!ending.signal.aborted) {
      const rung = news.wait();
      const kept = await parts.kept();
      for (let event = news.next(kept); event && !ending.signal.aborted; event = news.next(kept)) yield event;
      news.requireOneOf(registries.size);
      if (!ending.signal.aborted) await rung;
    }
  } finally {
    signal.removeEventListener('abort', end);
    ending.abort();
  }
}

/** What is to be told: ids and the last word on each registry, not one thing for each change. */
class News {
  private lastRefusal: MootError | undefined;
  private readonly bell = new Bell();
  private readonly changed = new Set<OriginId>();
  private readonly merged = new MergedServers((id) => this.changed.add(id));
  private readonly told = new Map<OriginId, ServerEntry>();
  private readonly states = new Map<string, ServerEvent>();
  private readonly refused = new Set<string>();

  wait(): Promise<void> {
    return this.bell.wait();
  }

  ring(): void {
    this.bell.ring();
  }

  /** @throws MootError what the last registry said, when none of so many is left. */
  requireOneOf(registries: number): void {
    if (this.lastRefusal && this.refused.size === registries) throw this.lastRefusal;
  }

  of(registry: string): Parameters<typeof watchRegistry>[1] {
    const { merged } = this;
    const ringing =
      <Told extends readonly unknown[]>(hear: (...told: Told) => void) =>
      (...told: Told): void => {
        hear(...told);
        this.ring();
      };
    return {
      listedAll: ringing((entries: ReadonlyMap<OriginId, ServerEntry>) => {
        merged.listedAll(registry, entries);
        this.states.set(registry, { type: 'listedAll', registry });
      }),
      changed: ringing((entry: ServerEntry) => merged.put(registry, entry)),
      gone: ringing((id: OriginId) => merged.remove(registry, id)),
      away: ringing((error: MootError, retryInMs: number | undefined) => {
        merged.lost(registry);
        if (retryInMs === undefined) {
          this.refused.add(registry);
          this.lastRefusal = error;
        }
        this.states.set(registry, { type: 'away', registry, reason: error.message, retryInMs });
      }),
    };
  }

  /** Servers first: `listedAll` is told when all of them have been. */
  next(kept: Kept): ServerEvent | undefined {
    for (const id of this.changed) {
      this.changed.delete(id);
      const event = this.eventOf(id, kept);
      if (event) return event;
    }
    for (const [registry, event] of this.states) {
      this.states.delete(registry);
      return event;
    }
    return undefined;
  }

  private eventOf(id: OriginId, kept: Kept): ServerEvent | undefined {
    const before = this.told.get(id);
    const now = this.merged.get(id);
    if (!now) {
      this.told.delete(id);
      return before && { type: 'gone', server: toServerInfo(before, kept.get(id)) };
    }
    this.told.set(id, now);
    if (before && saysTheSame(before, now)) return undefined;
    return { type: before ? 'changed' : 'listed', server: toServerInfo(now, kept.get(id)) };
  }
}
