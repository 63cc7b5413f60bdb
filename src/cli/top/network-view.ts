import type { LinkLoad, Load, ServerEvent, ServerInfo } from '../../client/index.js';
import { Rate } from './rate.js';

/** A server as it is shown; what is not known is undefined. */
export interface ServerView {
  readonly info: ServerInfo;
  readonly articlesPerSecond: number | undefined;
  /** Only of communities that we are a member of, while they answer. */
  readonly load: Load | undefined;
  /** How its links stand; of communities whose member or operator we are. */
  readonly links: readonly LinkLoad[] | undefined;
  readonly queriesPerSecond: number | undefined;
  /** Why it did not say its load, where it was asked. */
  readonly silent: string | undefined;
}

export interface RegistryView {
  readonly address: string;
  readonly state: 'asked' | 'up' | 'away';
  readonly reason: string | undefined;
}

interface Kept {
  info: ServerInfo;
  readonly articles: Rate;
  readonly queries: Rate;
  load: Load | undefined;
  links: readonly LinkLoad[] | undefined;
  silent: string | undefined;
}

export type Said = Load | readonly LinkLoad[] | string;

/** A link that is this far behind is worth a name: below that it is the time between two heartbeats. */
const slowMs = 2000;

/** The network as it was last told, by servers and registries themselves. Times are on a clock that never runs backwards. */
export class NetworkView {
  private readonly kept = new Map<string, Kept>();
  private readonly registryStates = new Map<string, RegistryView>();

  constructor(registries: readonly string[]) {
    for (const address of registries) this.registryStates.set(address, { address, state: 'asked', reason: undefined });
  }

  get registries(): readonly RegistryView[] {
    return [...this.registryStates.values()];
  }

  /** Each registry has said what it lists, or that it is away. */
  get isComplete(): boolean {
    return this.registries.every(({ state }) => state !== 'asked');
  }

  take(event: ServerEvent, nowMs: number): void {
    switch (event.type) {
      case 'listedAll':
        this.registryStates.set(event.registry, { address: event.registry, state: 'up', reason: undefined });
        return;
      case 'away':
        this.registryStates.set(event.registry, { address: event.registry, state: 'away', reason: event.reason });
        return;
      case 'gone':
        this.kept.delete(event.server.id);
        return;
      default:
        this.put(event.server, nowMs);
    }
  }

  /** What a server said of itself, or of its links alone, or why it said nothing. */
  told(id: string, said: Said, nowMs: number): void {
    const kept = this.kept.get(id);
    if (!kept) return;
    if (typeof said === 'string') {
      kept.load = undefined;
      kept.links = undefined;
      kept.silent = said;
      return;
    }
    kept.silent = undefined;
    kept.links = 'links' in said ? said.links : said;
    kept.load = 'links' in said ? said : undefined;
    if (!kept.load) return;
    kept.articles.note(kept.load.articles, nowMs);
    kept.queries.note(kept.load.queries, nowMs);
  }

  servers(nowMs: number): readonly ServerView[] {
    return [...this.kept.values()].map(({ info, articles, queries, load, links, silent }) => ({
      // Its own word is newer than what the registry was told.
      info: load ? { ...info, articles: load.articles } : info,
      articlesPerSecond: articles.perSecond(nowMs),
      load,
      links,
      queriesPerSecond: load && queries.perSecond(nowMs),
      silent,
    }));
  }

  private put(info: ServerInfo, nowMs: number): void {
    const kept = this.kept.get(info.id);
    if (!kept) {
      const articles = new Rate();
      articles.note(info.articles, nowMs);
      const unknown = { load: undefined, links: undefined, silent: undefined };
      this.kept.set(info.id, { info, articles, queries: new Rate(), ...unknown });
      return;
    }
    kept.info = info;
    // Whoever tells its load is counted by that: two clocks would make a rate of their difference.
    if (!kept.load) kept.articles.note(info.articles, nowMs);
  }
}

/** The links of a server that are down or far behind, the worst first. */
export function slowLinks({ links = [] }: ServerView): readonly LinkLoad[] {
  const slow = links.filter(({ state, lagMs = 0 }) => state === 'down' || lagMs >= slowMs);
  return slow.sort((a, b) => (b.lagMs ?? 0) - (a.lagMs ?? 0));
}

/** The greatest lag of its links; undefined where nobody told one. */
export function lagOf({ links = [] }: ServerView): number | undefined {
  const lags = links.flatMap(({ lagMs }) => lagMs ?? []);
  return lags.length === 0 ? undefined : Math.max(...lags);
}
