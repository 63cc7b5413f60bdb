import { describe, expect, it } from '@jest/globals';
import type { ServerEntry } from '../../src/core/server-entry.js';
import type { ListRequest } from '../../src/registry/page.js';
import { Registry } from '../../src/registry/registry.js';
import { idOf, serverEntry, unsigned } from '../support/server-entries.js';
import { StepClock } from '../support/step-clock.js';

const all: ListRequest = { pageSize: 0, pageToken: '', name: '', idPrefix: '', topic: '' };

function registryOf(entries: readonly Partial<ServerEntry>[]): Registry {
  const registry = new Registry(new StepClock());
  for (const given of entries) {
    const entry = serverEntry(given);
    registry.register(entry, unsigned(entry));
  }
  return registry;
}

const many = (count: number, more: Partial<ServerEntry> = {}): Partial<ServerEntry>[] =>
  Array.from({ length: count }, (_, n) => ({ id: idOf(n), name: `Server${n}`, ...more }));

const names = (registry: Registry, request: Partial<ListRequest>): string[] =>
  registry.list({ ...all, ...request }).servers.map(({ entry }) => entry.name);

describe('the list', () => {
  it('S0.3 goes by name, a page at a time, and shows each server once while others come and go', () => {
    const registry = registryOf(many(25));
    const seen: string[] = [];
    let pageToken = '';
    let pages = 0;
    do {
      const page = registry.list({ ...all, pageSize: 10, pageToken });
      seen.push(...page.servers.map(({ entry }) => entry.name));
      pageToken = page.nextPageToken;
      pages += 1;
      const comes = serverEntry({ id: idOf(`new ${pages}`), name: `A newcomer ${pages}` });
      registry.register(comes, unsigned(comes));
      const leaves = serverEntry({ id: idOf(0), addresses: [], counter: pages + 1 });
      registry.deregister(leaves, unsigned(leaves));
    } while (pageToken !== '');
    expect(pages).toBe(3);
    expect(seen).toEqual(
      many(25)
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('has 100 to a page when nobody says how many, and at most 1,000', () => {
    const registry = registryOf(many(120));
    expect(names(registry, {})).toHaveLength(100);
    expect(names(registry, { pageSize: 1000 })).toHaveLength(120);
  });

  it('ends a page before it grows past a megabyte', () => {
    const links = Array(4000).fill(idOf('x'));
    const registry = registryOf(many(12, { links }));
    const sizes: number[] = [];
    let pageToken = '';
    do {
      const page = registry.list({ ...all, pageToken });
      sizes.push(page.servers.length);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(sizes).toEqual([4, 4, 4]);
  });

  it('finds a name in any case, the start of an id, and who takes a topic; all that is given holds', () => {
    const registry = registryOf([
      { id: idOf('a'), name: 'Hamlet', topics: ['garden'] },
      { id: idOf('b'), name: 'Observatory', topics: ['sky.moon', 'sky.sun'] },
      { id: idOf('c'), name: 'Workshop' },
    ]);
    expect(names(registry, { name: 'OBSERVATORY' })).toEqual(['Observatory']);
    expect(names(registry, { name: 'Observator' })).toEqual([]);
    expect(names(registry, { idPrefix: idOf('b').slice(0, 6).toUpperCase() })).toEqual(['Observatory']);
    expect(names(registry, { topic: 'sky.moon.crater' })).toEqual(['Observatory', 'Workshop']);
    expect(names(registry, { topic: 'garden', name: 'hamlet' })).toEqual(['Hamlet']);
    expect(names(registry, { topic: 'garden', name: 'observatory' })).toEqual([]);
  });

  const refused: readonly [string, string, Partial<ListRequest>][] = [
    ['a page of 1,001', 'pageSize', { pageSize: 1001 }],
    ['a page of -1', 'pageSize', { pageSize: -1 }],
    ['half a page', 'pageSize', { pageSize: 0.5 }],
    ['garbage for a token', 'pageToken', { pageToken: 'garbage' }],
    ['a token that goes on and on', 'pageToken', { pageToken: '0'.repeat(100_000) }],
    ['an id as a token', 'pageToken', { pageToken: idOf('a') }],
    ['five characters of an id', 'idPrefix', { idPrefix: 'aaaaa' }],
    ['letters that no id has', 'idPrefix', { idPrefix: 'zzzzzz' }],
    ['a name that is none', 'name', { name: 'a:b' }],
    ['a topic that is none', 'topic', { topic: 'No' }],
  ];
  it.each(refused)('refuses %s, naming %s', (_, field, request) => {
    expect(() => names(registryOf([]), request)).toThrow(expect.objectContaining({ code: 'invalid', field }));
  });
});
