import { describe, expect, it } from '@jest/globals';
import { idOf } from '../../scripts/simulate/simulated-server.js';
import type { AskFrame } from '../../src/core/asking.js';
import type { OriginId } from '../../src/core/ids.js';
import type { Row } from '../../src/core/row.js';
import { nothingSaid } from '../../src/federation/row-book.js';
import { Ways } from '../../src/federation/ways.js';
import { type Drawn, draw, outcomes } from '../support/drawn-network.js';
import { corrupt, liars } from '../support/lying-servers.js';

function lie(drawn: Drawn, name: string, how: string): void {
  const liar = liars[how];
  if (!liar) throw new Error(`no lie ${how}`);
  corrupt(drawn.network, drawn.of(name), liar);
}

/** Who was asked in each round, by a server that is not `not`. */
function rounds({ network, of }: Drawn, not: string): string[] {
  return [...network.asks.values()].map((asks) =>
    asks
      .filter(({ from }) => from !== of(not).id)
      .map(({ to }) => network.servers.get(to)?.name)
      .join(' '),
  );
}

describe('a server that holds others back', () => {
  it('N2 is left out of the next round, where another way leads to them', async () => {
    // L asks D before C can, keeps what D says, and says that it has no links.
    const drawn = draw('A>L A>C C>D L>D', { C: { slowMs: 20 } });
    lie(drawn, 'L', 'asks everybody first, and keeps all');
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, C ANSWERED 1, L ANSWERED 1, D ANSWERED 2');
    expect(answer.report).toMatchObject({ complete: true, rounds: 2 });
    expect(rounds(drawn, 'L')[1]).toBe('C D');
  });

  it('N2 is asked again where it is the only way, once, and those behind it are named', async () => {
    const drawn = draw('A>L L>D');
    lie(drawn, 'L', 'keeps whole branches');
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, L ANSWERED 1,  FAILED 2');
    expect(answer.report.rows.at(-1)).toMatchObject({ serverId: drawn.of('D').id, via: drawn.of('L').id });
    expect(answer.report).toMatchObject({ complete: false, rounds: 2 });
  });

  it('N2 brings no blame on the servers behind it: their links are tried again by another way', async () => {
    // H is behind both; L passes on that D answered, and keeps its articles. D's last link, H>D, is as good as before.
    const drawn = draw('A>L A>C L>H C>H H>D', { C: { slowMs: 50 } });
    const { id } = drawn.of('D');
    drawn.of('L').faults.lies = (frame) =>
      frame.kind === 'articles'
        ? { ...frame, articles: frame.articles.filter(({ entry }) => entry.origin !== id) }
        : frame;
    const answer = await drawn.network.query(drawn.of('A'));
    expect(answer.report).toMatchObject({ complete: true, rounds: 3 });
    expect(rounds(drawn, 'L').at(-1)).toBe('C H D');
  });

  it('N2 leaves time for the others when it says for ever that it works', async () => {
    const drawn = draw('A>L A>C C>D');
    lie(drawn, 'L', 'drips for ever');
    const answer = await drawn.network.query(drawn.of('A'), { timeoutMs: 4000, fanOut: 1 });
    expect(outcomes(answer)).toBe('A ANSWERED 0, C ANSWERED 1, L DEADLINE 1, D ANSWERED 2');
    expect(answer.tookMs).toBeLessThan(4000);
  });

  it('N2 cannot hide the honest behind a thousand links that it makes up: a hundred are named with who claims them, the others counted', async () => {
    const drawn = draw('A>L A>C C>D L>D');
    const made = Array.from({ length: 1000 }, (_, at) => idOf(`ghost ${at}`));
    corrupt(drawn.network, drawn.of('L'), async function* ({ request, server, honestly }) {
      for await (const frame of honestly())
        if (frame.kind !== 'row') yield frame;
        else if (frame.row.serverId === server.id)
          yield { kind: 'row', row: server.sign(request.queryId, { ...frame.row, links: made }) };
    });
    const answer = await drawn.network.query(drawn.of('A'));
    const { complete, rows } = answer.report;
    const unheard = rows.filter(({ outcome }) => outcome !== 'ANSWERED');
    expect(rows.filter(({ outcome }) => outcome === 'ANSWERED').map(({ name }) => name)).toEqual(['A', 'C', 'L', 'D']);
    expect(complete).toBe(false);
    expect(unheard).toHaveLength(100);
    const liar = rows.find(({ serverId }) => serverId === drawn.of('L').id);
    expect(liar?.reason).toBe('it links to 900 more that are not named here: no word of them came');
    expect(unheard.every(({ via }) => via === drawn.of('L').id)).toBe(true);
    expect([...drawn.network.asks.values()].flat().length).toBeLessThan(20);
  });
});

describe('a branch that names ever more', () => {
  it('N2 ends at a row with more than a thousand links, which no server has', async () => {
    const drawn = draw('A>L A>C');
    const links = Array.from({ length: 1001 }, (_, at) => idOf(`ghost ${at}`));
    drawn.of('L').faults.lies = (frame) => (frame.kind === 'row' ? { ...frame, row: { ...frame.row, links } } : frame);
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, C ANSWERED 1, L FAILED 1');
    expect(answer.report.rows.at(-1)?.reason).toBe('sent a row that cannot be');
  });

  it('N2 ends at a million links, however few rows they stand in', async () => {
    const drawn = draw('A>L A>C');
    const made = Array.from({ length: 1000 }, (_, at) => idOf(`ghost ${at % 50}`));
    corrupt(drawn.network, drawn.of('L'), async function* ({ request, server, honestly }) {
      for await (const frame of honestly()) {
        yield frame;
        if (frame.kind !== 'row') continue;
        for (let at = 0; at <= 1000; at += 1) {
          const row = { ...frame.row, serverId: idOf(`invented ${at}`), via: server.id, links: made };
          yield { kind: 'row', row: server.sign(request.queryId, row) };
        }
      }
    });
    const answer = await drawn.network.query(drawn.of('A'));
    const row = answer.report.rows.find(({ serverId }) => serverId === drawn.of('L').id);
    expect(row).toMatchObject({ outcome: 'FAILED', reason: 'named more than 1000000 links' });
    expect(answer.report.complete).toBe(false);
    expect(answer.report.rows.find(({ name }) => name === 'C')?.outcome).toBe('ANSWERED');
  });
});

/** A row about a server that nobody has named. */
function invented(at: number, via: OriginId): Row {
  const words = { name: '', outcome: 'UNREACHABLE', hop: 2, via, tookMs: 0, reason: '', signed: undefined } as const;
  return { ...nothingSaid, ...words, serverId: idOf(`invented ${at}`) };
}

describe('a branch that brings ever more', () => {
  it('N2 ends at 250 rows that no link accounts for, and they are not passed on without end', async () => {
    const drawn = draw('A>B A>C B>L B>M B>D');
    let sent = 0;
    for (const name of ['L', 'M'])
      corrupt(drawn.network, drawn.of(name), async function* ({ server, honestly, signal }) {
        for await (const frame of honestly()) if (frame.kind === 'row') yield frame;
        for (; !signal.aborted; sent += 1) yield { kind: 'row', row: invented(sent, server.id) };
      });
    const { report } = await drawn.network.query(drawn.of('A'));
    for (const name of ['L', 'M'])
      expect(report.rows.find((row) => row.name === name)).toMatchObject({
        outcome: 'FAILED',
        reason: 'sent 250 rows that no link accounts for',
      });
    expect(report.rows.filter(({ outcome }) => outcome === 'ANSWERED').map(({ name }) => name)).toEqual([
      ...['A', 'B', 'C', 'D'],
    ]);
    expect(report.rows.length).toBeLessThan(150);
    expect(sent).toBeLessThan(1500);
  });

  it.each<[string, AskFrame]>([
    ['words of progress', { kind: 'progress' }],
    ['frames of no articles', { kind: 'articles', articles: [] }],
  ])('N2 ends when it brings more %s than are due', async (_, frame) => {
    const drawn = draw('A>L A>C');
    corrupt(drawn.network, drawn.of('L'), async function* ({ signal }) {
      while (!signal.aborted) yield frame;
    });
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, C ANSWERED 1, L FAILED 1');
    expect(answer.report.rows.at(-1)?.reason).toBe('sent frames without end that bring nothing');
    expect(answer.tookMs).toBeLessThan(100);
  });
});

describe('a server with more dead links than a liar may invent', () => {
  const many = Array.from({ length: 400 }, (_, at) => `D${at}`);
  const dead = Object.fromEntries(many.map((name) => [name, { diesAtMs: 0 }]));
  const links = ['A>B', 'A>C', ...many.map((name) => `B>${name}`)].join(' ');

  it('N2 is believed, for its own row comes before theirs', async () => {
    const drawn = draw(links, { ...dead, B: { slowMs: 100 } });
    const { report } = await drawn.network.query(drawn.of('A'), { fanOut: 64 });
    expect(report.rows.find(({ name }) => name === 'B')?.outcome).toBe('ANSWERED');
    expect(report.rows.filter(({ outcome }) => outcome === 'UNREACHABLE')).toHaveLength(400);
  });

  it('N2 is believed, too, where its own row says that its store could not be read', async () => {
    const drawn = draw(links, { ...dead, B: { slowMs: 100, storeFails: true } });
    const { report } = await drawn.network.query(drawn.of('A'), { fanOut: 64 });
    const rowOfB = report.rows.find(({ serverId }) => serverId === drawn.of('B').id);
    expect(rowOfB?.reason).toBe('its store could not be read');
    expect(report.rows.filter(({ outcome }) => outcome === 'UNREACHABLE').length).toBeGreaterThan(100);
  });
});

describe('ways to who is missing', () => {
  const links = new Map<OriginId, readonly OriginId[]>([
    ['a', ['b', 'c', 'l']],
    ['b', ['x']],
    ['c', ['d']],
    ['d', ['x']],
    ['l', ['y', 'z']],
  ]);
  const all = (): boolean => true;
  const named = (ways: ReadonlySet<OriginId> | undefined): string | undefined => ways && [...ways].sort().join('');

  it('N2 are the shortest, then such as have not disappointed, and never the same twice', () => {
    const ways = new Ways('a');
    ways.missed('x', ['b']);
    expect(named(ways.next(links, ['x'], all, true))).toBe('acdx');
    ways.missed('x', ['b']);
    expect(named(ways.next(links, ['x'], all, false))).toBe('abx');
    ways.missed('x', ['b']);
    expect(ways.next(links, ['x'], all, false)).toBeUndefined();
  });

  it('N2 lead around links that have failed', () => {
    const ways = new Ways('a');
    expect(named(ways.next(links, ['x'], (from) => from !== 'b', true))).toBe('acdx');
    expect(ways.next(links, ['x'], (_, to) => to !== 'x', true)).toBeUndefined();
  });

  it('N2 go through those who have missed least, once asking all has taught nothing', () => {
    const ways = new Ways('a');
    for (const target of ['y', 'z', 'v', 'w']) ways.missed(target, ['l']);
    ways.missed('x', ['b']);
    expect(named(ways.next(links, ['x', 'y', 'z'], all, true))).toBe('acdlxyz');
    expect(named(ways.next(links, ['x', 'y', 'z'], all, false))).toBe('acdx');
  });

  it('N2 are tried one by one at last: who spoils one has no part in another', () => {
    const ways = new Ways('a');
    for (const target of ['x', 'y']) ways.missed(target, target === 'x' ? ['d', 'b'] : ['l']);
    expect(named(ways.next(links, ['x', 'y'], (from) => from !== 'b', true))).toBe('acdlxy');
    for (const target of ['x', 'y']) ways.missed(target, []);
    expect(named(ways.next(links, ['x', 'y'], (from) => from !== 'b', false))).toBe('acdx');
    ways.missed('x', []);
    ways.missed('y', []);
    expect(named(ways.next(links, ['x', 'y'], (from) => from !== 'b', false))).toBe('aly');
  });
});
