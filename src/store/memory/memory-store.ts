import type { Clock } from '../../core/clock.js';
import { MootError } from '../../core/errors.js';
import { foldName } from '../../core/name.js';
import type { ArticleStore, Link, LinkStore, Member, MemberStore, SettingStore, Store } from '../../core/stores.js';
import type { Identity } from '../../identity/keys.js';
import { createSealer } from '../../identity/seal.js';
import { nameTaken } from '../name-taken.js';
import { MemoryArticles } from './memory-articles.js';

/** A store for tests, trials and the simulator: nothing outlives it. */
export class MemoryStore implements Store {
  readonly articles: ArticleStore;
  readonly members: MemberStore = memoryMembers();
  readonly links: LinkStore = memoryLinks();
  readonly settings: SettingStore = memorySettings();

  constructor(identity: Identity, clock: Clock) {
    this.articles = new MemoryArticles(createSealer(identity), () => clock.now());
  }

  async close(): Promise<void> {}
}

function memoryMembers(): MemberStore {
  const members = new Map<string, Member>();
  const given = new Set<string>();
  return {
    add: async (member) => {
      if (given.has(member.id))
        throw new MootError('already_exists', 'that member id was given before', { field: 'id' });
      const folded = foldName(member.name);
      if ([...members.values()].some(({ name }) => foldName(name) === folded)) throw nameTaken(member.name);
      members.set(member.id, member);
      given.add(member.id);
    },
    remove: async (id) => members.delete(id),
    all: async () => [...members.values()],
  };
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

function memorySettings(): SettingStore {
  const settings = new Map<string, string>();
  return {
    get: async (key) => settings.get(key),
    set: async (key, value) => {
      settings.set(key, value);
    },
  };
}
