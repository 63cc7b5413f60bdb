import { describe, expect, it } from '@jest/globals';
import stringWidth from 'string-width';
import { NetworkView } from '../../src/cli/top/network-view.js';
import { Rate } from '../../src/cli/top/rate.js';
import { orders, type Shown, topLines } from '../../src/cli/top/top-lines.js';
import type { ServerInfo } from '../../src/client/types.js';
import type { LinkLoad, Load } from '../../src/core/load.js';
import { idOf } from '../support/server-entries.js';

function info(name: string, given: Partial<ServerInfo> = {}): ServerInfo {
  const rules = { admission: 'open', peering: 'open', readable: 'members' };
  const rest = {
    address: 'localhost:1',
    topics: [],
    articles: 0,
    members: 0,
    peers: [],
    joined: false,
    waiting: false,
  };
  return { id: idOf(name), name, ...rest, ...rules, ...given };
}

function load(given: Partial<Load> = {}): Load {
  return { upMs: 1, articles: 0, queries: 0, queryP50Ms: undefined, asks: 0, subscribers: 0, links: [], ...given };
}

const link = (name: string, state: string, lagMs: number | undefined): LinkLoad => {
  return { id: idOf(name), name, state, lagMs, reason: '' };
};

function screen(view: NetworkView, given: Partial<Shown> = {}): readonly string[] {
  const shown = { order: 'r', isReversed: false, offset: 0, columns: 120, rows: 24, time: '10:02:31' } as const;
  return topLines({ ...shown, servers: view.servers(20_000), registries: view.registries, ...given });
}

describe('N9 a rate', () => {
  it('is how much a counter rose in the last 15 s, whatever there was before', () => {
    const rate = new Rate();
    rate.note(1_000_000, 0);
    expect(rate.perSecond(999)).toBeUndefined();
    rate.note(1_000_030, 10_000);
    expect(rate.perSecond(10_000)).toBe(3);
    expect(rate.perSecond(15_000)).toBe(2);
    expect(rate.perSecond(24_999)).toBe(2);
    expect(rate.perSecond(25_000)).toBe(0);
    rate.note(1_000_060, 26_000);
    expect(rate.perSecond(30_000)).toBe(2);
  });

  it('begins anew with a counter that falls, and keeps no more than the window', () => {
    const rate = new Rate();
    rate.note(50, 0);
    rate.note(2, 5000);
    rate.note(7, 10_000);
    expect(rate.perSecond(10_000)).toBe(1);
    for (let second = 11; second < 1000; second += 1) rate.note(second, second * 1000);
    expect(rate.perSecond(999_000)).toBe(1);
    expect((rate as unknown as { samples: unknown[] }).samples.length).toBeLessThan(20);
  });
});

describe('N9 moot top', () => {
  it('shows counts, rates, and the links that are down or behind; what nobody told is a dash', () => {
    const view = new NetworkView(['localhost:50051']);
    view.take({ type: 'listed', server: info('Hamlet', { joined: true, members: 3, peers: [idOf('Slow')] }) }, 0);
    view.take({ type: 'listed', server: info('Othello', { articles: 9 }) }, 0);
    view.take({ type: 'listedAll', registry: 'localhost:50051' }, 0);
    const links = [link('Fine', 'up', 800), link('Slow', 'up', 3000), link('Gone', 'down', undefined)];
    view.told(idOf('Hamlet'), load({ articles: 100, subscribers: 2, queryP50Ms: 12, links }), 10_000);
    view.told(idOf('Hamlet'), load({ articles: 250, queries: 50, subscribers: 2, queryP50Ms: 12, links }), 20_000);
    const [summary, registry, head, hamlet, othello, help] = screen(view);
    expect(summary).toBe('10:02:31  2 servers, 1 link, 259 articles, 17 a second');
    expect(registry).toBe('registry localhost:50051');
    expect(head).toMatch(/^NAME +ADDRESS +ARTICLES +ART\/S +MEMBERS +LINKS +SUBS +Q\/S +P50 +LAG +SLOW LINKS$/);
    expect(hamlet).toMatch(
      /^Hamlet +localhost:1 +250 +17 +3 +1 +2 +5\.0 +12 ms +3 s +Slow \(3 s behind\), Gone \(down\)$/,
    );
    expect(othello).toMatch(/^Othello +localhost:1 +9 +0 +0 +0 +– +– +– +– +–$/);
    expect(help).toMatch(/^q quit {2}sort by: \[r rate\] {2}a articles/);
  });

  it('says which registry is away, and keeps what was last known; a server that has gone is gone', () => {
    const view = new NetworkView(['a:1', 'b:2']);
    expect(screen(view)[1]).toBe('asking the registry a:1 …; asking the registry b:2 …');
    view.take({ type: 'listed', server: info('Hamlet') }, 0);
    view.take({ type: 'listed', server: info('Othello') }, 0);
    view.take({ type: 'listedAll', registry: 'a:1' }, 0);
    view.take({ type: 'away', registry: 'b:2', reason: 'no\nanswer', retryInMs: 1 }, 0);
    view.take({ type: 'gone', server: info('Othello') }, 0);
    const lines = screen(view);
    expect(lines[1]).toBe('registry a:1; registry b:2 is away: no answer; what was last known is shown');
    expect(lines.join('\n')).toContain('Hamlet');
    expect(lines.join('\n')).not.toContain('Othello');
  });

  it('fits any terminal, however many servers there are and whatever they are called', () => {
    const view = new NetworkView(['localhost:50051']);
    const names = ['\u001b[2J\u001b[31mred', '会議'.repeat(30), 'x\ny', '🌍'];
    for (let at = 0; at < 500; at += 1) {
      view.take({ type: 'listed', server: info(`${names[at % 4]}${at}`, { joined: true, articles: at }) }, 0);
      view.told(idOf(`${names[at % 4]}${at}`), load({ links: [link('\u001b[2Jx', 'down', 9e9)] }), 10_000);
    }
    for (const columns of [1, 10, 39, 40, 60, 80, 100, 120, 300])
      for (const rows of [1, 2, 3, 4, 5, 24, 60]) {
        const lines = screen(view, { columns, rows });
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('')).not.toContain('\u001b');
      }
    expect(screen(view, { rows: 24 }).at(-1)).toMatch(/^480 more: ↑ ↓ {2}q quit/);
  }, 60_000);

  it('sorts by what a key stands for, the greatest first, and the other way round', () => {
    const view = new NetworkView([]);
    for (const [name, articles] of [
      ['b', 1],
      ['a', 3],
      ['c', 2],
    ] as const)
      view.take({ type: 'listed', server: info(name, { articles }) }, 0);
    const names = (given: Partial<Shown>) =>
      screen(view, given)
        .slice(3, 6)
        .map((line) => line[0]);
    expect(names({ order: 'a' })).toEqual(['a', 'c', 'b']);
    expect(names({ order: 'a', isReversed: true })).toEqual(['b', 'c', 'a']);
    expect(names({ order: 'n' })).toEqual(['a', 'b', 'c']);
    expect(names({ order: 'r', offset: 1, rows: 5 })[0]).toBe('b');
    expect(Object.keys(orders)).toEqual(['r', 'a', 'm', 'u', 'l', 'n']);
  });
});
