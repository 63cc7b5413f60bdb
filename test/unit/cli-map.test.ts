import { describe, expect, it } from '@jest/globals';
import { mapDot } from '../../src/cli/render/map-dot.js';
import { mapLine } from '../../src/cli/render/map-json.js';
import { mapMermaid } from '../../src/cli/render/map-mermaid.js';
import { mapTable } from '../../src/cli/render/map-table.js';
import { drawMap, type MapSources, type NetworkMap } from '../../src/client/network-map.js';
import type { ServerInfo } from '../../src/client/types.js';
import type { Row } from '../../src/core/row.js';
import { idOf } from '../support/server-entries.js';

const ids = { a: idOf('a'), b: idOf('b'), c: idOf('c'), x: idOf('x') };

function info(name: string, peers: readonly string[] = [], id = idOf(name)): ServerInfo {
  const rest = {
    topics: [],
    articles: 1,
    members: 2,
    joined: false,
    waiting: false,
    admission: 'open',
    peering: 'open',
  };
  return { id, name, address: 'localhost:1', peers, readable: 'members', ...rest };
}

function row(name: string, given: Partial<Row> = {}): Row {
  const none = { ageMs: undefined, reason: '', articles: 0, digest: new Uint8Array(), held: 0, signed: undefined };
  return { serverId: idOf(name), name, outcome: 'ANSWERED', hop: 0, via: '', tookMs: 3, links: [], ...none, ...given };
}

function draw(given: Partial<MapSources>): NetworkMap {
  return drawMap({ listed: [], report: undefined, standing: new Map(), missing: [], ...given });
}

const ring = [info('a', [ids.b]), info('b', [ids.c]), info('c', [ids.a])];

describe('N9 the map', () => {
  it('says what follows from the links: cycles, cut points, who is out of reach, who is named and not listed', () => {
    const map = draw({ listed: [...ring, info('d', [ids.a, ids.x])] });
    expect(map.cycles).toEqual([[ids.a, ids.b, ids.c]]);
    expect(map.cutPoints).toEqual([ids.a, ids.b, ids.c]);
    expect(map.unreachable).toEqual([{ from: [ids.a, ids.b, ids.c], to: [idOf('d')] }]);
    expect(map.servers.find(({ id }) => id === ids.x)).toMatchObject({ isListed: false, name: undefined });
    const text = mapTable(map, Number.POSITIVE_INFINITY);
    expect(text).toContain('cycle of 3: a, b, c\ncut points: a, b, c\nout of reach of a, b, c: d\n');
    expect(text).toContain(`linked to, but not listed: ${ids.x.slice(0, 12)}…`);
  });

  it('of a server that answered, its own row knows its links best; a link says how its own end sees it', () => {
    const rows = [
      row('a', { links: [ids.c] }),
      row('c', { via: ids.a, hop: 1, outcome: 'UNREACHABLE', reason: 'away' }),
    ];
    const report = { complete: false, next: undefined, rounds: 1, calls: 1, coverageChanged: false, rows };
    const links = [{ id: ids.c, name: 'c', state: 'down', lagMs: 61_000, reason: 'away' }];
    const map = draw({ listed: ring, report, standing: new Map([[ids.a, links]]) });
    expect(map.links.filter(({ from }) => from === ids.a)).toMatchObject([{ to: ids.c, isWalked: true }]);
    expect(mapLine(map)).toMatchObject({
      links: [{ from: ids.a, to: ids.c, walked: true, state: 'down', lagMs: 61_000 }, { state: null }, { lagMs: null }],
      walk: { from: ids.a, complete: false },
    });
    const text = mapTable(map, Number.POSITIVE_INFINITY);
    expect(text).toContain('→ c (down, 1 min behind)');
    expect(text).toMatch(/b +localhost:1 +not reached/);
    expect(text).toContain('c: unreachable — away');
  });

  it('draws names that mean something to Graphviz and Mermaid as the text that they are', () => {
    const evil = ['"; }', 'a\\', '\\N', '<b>', 'x\ny', '`code`', 'a#quot;b', '|"]', '—ünï🌍', '%%', 'end'];
    const map = draw({ listed: evil.map((name, at) => info(name, [idOf(evil[at + 1] ?? name)], idOf(name))) });
    const dot = mapDot(map);
    // Graphviz's grammar: a quoted string is any text whose quotes have a backslash before them.
    const string = '"(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
    const attributes = `\\[label=${string}(?:, style=${string})?\\]`;
    const line = new RegExp(`^  ${string}(?: -> ${string})?(?: ${attributes})?;$`, 'u');
    const lines = dot.split('\n').slice(3, -2);
    expect(lines).toHaveLength(evil.length * 2);
    for (const each of lines) expect(each).toMatch(line);
    const mermaid = mapMermaid(map).split('\n').slice(1, -2);
    for (const each of mermaid.slice(0, evil.length)) expect(each).toMatch(/^ {2}s\d+\["[^"<>`|\]]*"\](:::cut)?$/u);
    expect(mermaid[0]).toBe('  s0["#34;#59; #125;"]');
  });

  it('an empty network, and 500 servers, are maps too', () => {
    expect(mapDot(draw({}))).toBe('digraph moot {\n  rankdir="LR";\n  node [shape="box"];\n}\n');
    expect(mapLine(draw({}))).toMatchObject({ servers: [], links: [], cycles: [], cutPoints: [], unreachable: [] });
    const many = Array.from({ length: 500 }, (_, at) =>
      info(
        `s${at}`,
        [1, 7, 31].map((step) => idOf(`s${(at + step) % 500}`)),
      ),
    );
    const lines = mapTable(draw({ listed: many }), 100).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    expect(lines.slice(501, 503)).toEqual(['', '500 servers, 1500 links']);
    expect(lines[503]).toMatch(/^cycle of 500: s0, s1, /);
    expect(mapTable(draw({ listed: many }), 300)).toContain(', s11 and 488 more\n');
    expect(lines.slice(504, 506)).toEqual([
      'cut points: none; whoever is lost, nobody else is cut off',
      'out of reach: nobody',
    ]);
  });
});
