import { describe, expect, it } from '@jest/globals';
import type { Network, ReportInfo, ReportRow } from '../../src/web/api.js';
import { mergeRows, toRow } from '../../src/web/reading/article-rows.js';
import { excerpt } from '../../src/web/reading/excerpt.js';
import { factsOf, summary } from '../../src/web/reading/network-facts.js';
import { isWhole, reportSentence } from '../../src/web/reading/report-sentence.js';
import { linkAddress, pictureAddress } from '../../src/web/reading/safe-address.js';
import { toBranches, withReply } from '../../src/web/reading/thread.js';
import { ago, counted, length } from '../../src/web/reading/times.js';
import { articleInfo } from '../support/article-info.js';

const row = (name: string, change: Partial<ReportRow> = {}): ReportRow => ({
  ...{ id: name, name, outcome: 'ANSWERED', articles: 1, hop: 1, via: null, tookMs: 1, ageMs: null, reason: null },
  ...change,
});
const report = (servers: readonly ReportRow[], change: Partial<ReportInfo> = {}): ReportInfo => ({
  ...{ complete: servers.every(({ outcome }) => outcome === 'ANSWERED'), next: null, coverageChanged: false, servers },
  ...change,
});

describe('the report in a sentence', () => {
  it('says how many answered, and of the others who they are and what is shown of them', () => {
    const many = Array.from({ length: 42 }, (_, n) => row(`Community ${n}`));
    const said = reportSentence(report([...many, row('Hamlet', { outcome: 'STALE', ageMs: 250_000 })]));
    expect(said).toBe('42 of 43 communities answered; Hamlet: unreachable, served from 4 minutes ago.');
    expect(reportSentence(report([row('Hamlet')]))).toBe('1 of 1 community answered.');
  });

  it('names three, counts the rest, and never calls whole what is not', () => {
    const lost = ['A', 'B', 'C', 'D', 'E'].map((name) => row(name, { outcome: 'DEADLINE' }));
    expect(reportSentence(report(lost))).toMatch(/^0 of 5 .*A: too slow.*B: .*C: [^;]*; and 2 more\.$/);
    expect(isWhole(report([row('A')]))).toBe(true);
    for (const not of [
      report(lost),
      report([row('A')], { complete: false }),
      report([row('A')], { coverageChanged: true }),
    ]) {
      expect(isWhole(not)).toBe(false);
      expect(reportSentence(not)).toContain(';');
    }
  });
});

describe('the words of the page', () => {
  it('count and tell time', () => {
    expect([counted(1, 'reply'), counted(2, 'reply'), counted(1024, 'day')]).toEqual([
      '1 reply',
      '2 replies',
      '1,024 days',
    ]);
    expect([length(5), length(61_000), length(7_200_000)]).toEqual(['less than a second', '1 minute', '2 hours']);
    expect(ago('2026-01-01T00:00:00.000Z', Date.parse('2026-01-01T00:05:00.000Z'))).toBe('5 minutes ago');
  });

  it('begin an article on one line, without the marks of Markdown', () => {
    expect(excerpt('# Head\n\n- *one* **two** [three](https://x.example) ![four](y)\n> `five`')).toBe(
      'Head one two three four five',
    );
    expect(excerpt('snake_case_names and 2*3*4 stay')).toBe('snake_case_names and 2*3*4 stay');
    expect(excerpt('word '.repeat(500)).length).toBeLessThan(330);
  });

  it('tell of a network what its map shows', () => {
    const server = {
      address: 'localhost:1',
      articles: 3,
      members: 1,
      topics: [],
      readable: 'public',
      admission: 'open',
      peering: 'open',
    };
    const network: Network = {
      asOf: '2026-01-01T00:00:00.000Z',
      servers: [
        { ...server, id: 'a', name: 'Agora', state: 'up' },
        { ...server, id: 'b', name: 'Bazaar', state: 'down' },
      ],
      links: [{ from: 'a', to: 'b', state: 'down', lagMs: null, reason: 'it cannot be reached', rate: null }],
      cycles: [],
      cutPoints: ['a'],
      missing: [],
    };
    expect(summary(network)).toBe('2 communities, 1 link, 1 away.');
    const [agora] = network.servers;
    expect(agora && factsOf(agora, network)).toMatchObject({
      state: 'answers',
      size: '3 articles, 1 member',
      links: ['reads Bazaar, but cannot reach it: it cannot be reached'],
      marks: ['some communities reach each other only through it'],
    });
  });
});

describe('what the page makes of articles', () => {
  it('merges lists newest first, each article once, whatever the order of arrival', () => {
    const rows = [3, 1, 2, 3].map((n) => toRow(articleInfo(`a${n}`, { publishedAt: `2026-01-0${n}T00:00:00.000Z` })));
    expect(mergeRows(mergeRows([], rows.slice(0, 2)), rows.slice(2)).map(({ id }) => id)).toEqual(['a3', 'a2', 'a1']);
  });

  it('draws each reply of a thread once, even where they answer each other in a circle or something unknown', () => {
    const replies = [
      articleInfo('b', { replyTo: 'root' }),
      articleInfo('c', { replyTo: 'b' }),
      articleInfo('d', { replyTo: 'elsewhere' }),
    ];
    const flat = (branches: ReturnType<typeof toBranches>): string[] =>
      branches.flatMap(({ article, replies: inside }) => [article.id, ...flat(inside)]);
    expect(flat(toBranches('root', replies)).sort()).toEqual(['b', 'c', 'd']);
    expect(withReply('root', replies, articleInfo('e', { replyTo: 'c' }))).toHaveLength(4);
    expect(withReply('root', replies, articleInfo('f', { replyTo: 'unknown' }))).toBe(replies);
  });

  it('follows no address that runs, and shows no picture but over https', () => {
    for (const bad of ['javascript:alert(1)', 'JAVASCRIPT:alert(1)', 'data:text/html,x', 'vbscript:x', '/api', 'x', ''])
      expect([linkAddress(bad), pictureAddress(bad)]).toEqual([undefined, undefined]);
    expect(linkAddress('https://example.org/a')).toBe('https://example.org/a');
    expect(pictureAddress('https://example.org/a.png')).toMatchObject({ host: 'example.org' });
    expect(pictureAddress('http://example.org/a.png')).toBeUndefined();
  });
});
