import type { Clock } from '../../core/clock.js';
import type { HeldStore } from '../../core/held.js';
import type { LeaseStore } from '../../core/leases.js';
import type { LogStore } from '../../core/log.js';
import type { ModerationStore } from '../../core/moderation.js';
import type { LinkRequest, PeeringStore, PeerLevel } from '../../core/peering.js';
import { type DailyQuota, noQuota } from '../../core/quota.js';
import type { ArticleStore, Link, LinkStore, MemberStore, SettingStore, Store } from '../../core/stores.js';
import type { Identity } from '../../identity/keys.js';
import { createSealer } from '../../identity/seal.js';
import { LocalLeases } from '../local-leases.js';
import { MemoryArticles } from './memory-articles.js';
import { MemoryHeld } from './memory-held.js';
import { MemoryLogs } from './memory-logs.js';
import { MemoryRecords } from './memory-records.js';
import { MemoryUses } from './memory-uses.js';

/** A store for tests, trials and the simulator: nothing outlives it. */
export class MemoryStore implements Store {
  readonly articles: ArticleStore;
  readonly held: HeldStore;
  readonly logs: LogStore;
  readonly members: MemberStore;
  readonly moderation: ModerationStore;
  readonly links: LinkStore = memoryLinks();
  readonly peering: PeeringStore = memoryPeering();
  readonly settings: SettingStore = memorySettings();
  readonly leases: LeaseStore;

  constructor(identity: Identity, clock: Clock, quota: DailyQuota = noQuota) {
    const logs = new MemoryLogs(identity.id);
    const held = new MemoryHeld(identity.id);
    const { members, moderation } = new MemoryRecords((memberId) => held.drop(memberId));
    this.logs = logs;
    this.leases = new LocalLeases(clock);
    this.members = members;
    this.moderation = moderation;
    const articles = new MemoryArticles(createSealer(identity), logs, () => clock.now(), new MemoryUses(quota), held);
    this.articles = articles;
    this.held = articles.held;
  }

  onRecords(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {}
}

function memoryLinks(): LinkStore {
  const links = new Map<string, Link>();
  return {
    put: async (link) => {
      links.set(link.peer, { ...link, sinceMs: links.get(link.peer)?.sinceMs ?? link.sinceMs });
    },
    remove: async (peer) => links.delete(peer),
    all: async () => [...links.values()],
  };
}

function memoryPeering(): PeeringStore {
  const levels = new Map<string, PeerLevel>();
  const requests = new Map<string, LinkRequest>();
  const inOrder = <T extends { readonly peer: string }>(kept: ReadonlyMap<string, T>): T[] =>
    [...kept.values()].sort((a, b) => (a.peer < b.peer ? -1 : 1));
  return {
    putLevel: async (level) => void levels.set(level.peer, level),
    levels: async () => inOrder(levels),
    changeRequests: async (put, gone) => {
      for (const request of put) requests.set(request.peer, request);
      for (const peer of gone) requests.delete(peer);
    },
    requests: async () => inOrder(requests),
  };
}

function memorySettings(): SettingStore {
  const settings = new Map<string, string>();
  return {
    get: async (key) => settings.get(key),
    set: async (key, value) => {
      settings.set(key, value);
    },
  };
}
