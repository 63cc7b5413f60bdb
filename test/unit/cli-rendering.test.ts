import { describe, expect, it } from '@jest/globals';
import stringWidth from 'string-width';
import { articleText } from '../../src/cli/render/article-text.js';
import { coloursFor } from '../../src/cli/render/colours.js';
import { articleLine, jsonLine, peerLine, publishedLine, reportLine } from '../../src/cli/render/json-lines.js';
import { oneLine, plain } from '../../src/cli/render/plain.js';
import { reportText } from '../../src/cli/render/report-text.js';
import { type Column, table } from '../../src/cli/render/table.js';
import { roughly } from '../../src/cli/render/time.js';
import { toArticle } from '../../src/client/to-article.js';
import { createIdentity } from '../../src/identity/keys.js';
import { answered, reportOf, rowOf } from '../support/reports.js';
import { sealCommit } from '../support/sealed.js';

const identity = createIdentity();
const [sealed] = sealCommit(identity, 1, {
  title: 'A\ttitle',
  body: 'A title\nfirst\n\nsecond\nthird\nfourth',
  publishedAtMs: 0,
});
if (!sealed) throw new Error('no article');
const article = toArticle(sealed, 'Hamlet');
const colours = coloursFor({ isTTY: false }, {});

describe('tables', () => {
  const layout: readonly Column<readonly [string, string]>[] = [
    { head: 'NAME', text: ([name]) => name },
    { head: 'COUNT', text: ([, count]) => count, right: true },
  ];

  it('columns are as wide as what stands in them', () => {
    expect(
      table(
        layout,
        [
          ['Hamlet', '1'],
          ['東京', '12345678'],
        ],
        80,
      ),
    ).toBe('NAME       COUNT\nHamlet         1\n東京    12345678\n');
  });

  it.each([24, 40, 80])('no line is wider than a terminal of %d columns', (columns) => {
    const text = table(layout, [['A name that goes on and on '.repeat(3), '東京'.repeat(20)]], columns);
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    expect(text).toContain('…');
  });

  it.each([20, 12])('what has no room for its columns in %d is a list for each row', (columns) => {
    const wide = ['NAME', 'ADDRESS', 'TOPICS'].map((head) => ({ head, text: () => `${head.toLowerCase()} of it` }));
    const text = table(wide, [1, 2], columns);
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    expect(
      text.split('\n\n').map((row) =>
        row
          .trimEnd()
          .split('\n')
          .map((line) => line.split(' ')[0]),
      ),
    ).toEqual([
      ['NAME', 'ADDRESS', 'TOPICS'],
      ['NAME', 'ADDRESS', 'TOPICS'],
    ]);
  });

  it('where there is no terminal nothing is cut', () => {
    const name = 'A name that goes on and on '.repeat(9).trim();
    expect(table(layout, [[name, '1']], Number.POSITIVE_INFINITY)).toContain(name);
  });
});

describe('text from elsewhere', () => {
  it('cannot drive the terminal', () => {
    expect(plain('a\u001b[2Jb\u009bc\rd\u202ee')).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffde');
    expect(plain('a\r\nb\tc')).toBe('a\nb\tc');
    expect(oneLine('a\n b\t\u0007')).toBe('a b \ufffd');
  });

  it('is coloured on a terminal only, and never with NO_COLOR', () => {
    expect(coloursFor({ isTTY: true }, {}).bold('x')).not.toBe('x');
    expect(coloursFor({ isTTY: true }, { NO_COLOR: '1' }).bold('x')).toBe('x');
    expect(coloursFor({ isTTY: true }, { TERM: 'dumb' }).bold('x')).toBe('x');
    expect(coloursFor({ isTTY: false }, {}).bold('x')).toBe('x');
  });
});

describe('an article for people', () => {
  it('shows its title once, where it comes from, and how it begins', () => {
    const lines = articleText(article, Number.POSITIVE_INFINITY, colours).split('\n');
    expect(lines[0]).toBe('A title');
    expect(lines[1]).toMatch(/^Hamlet · sports\.chess · Ada · (1970-01-01|1969-12-31) \d\d:\d\d · [0-9a-v]{12}$/);
    expect(lines.slice(2)).toEqual(['  first', '  second', '  third', '  …', '', '']);
  });

  it('fits the terminal', () => {
    for (const line of articleText(article, 20, colours).split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(20);
  });
});

describe('JSON lines', () => {
  it('an article has the names and the order that scripts rely on', () => {
    expect(jsonLine(articleLine(article))).toBe(
      `{"type":"article","id":"${article.id}","origin":"${identity.id}","originName":"Hamlet","epoch":"1","seq":"1",` +
        `"topic":"sports.chess","author":"Ada","member":"Ada","title":"A\\ttitle","body":"A title\\nfirst\\n\\nsecond\\nthird\\nfourth",` +
        `"publishedAt":"1970-01-01T00:00:00.000Z","storedAt":"1970-01-01T00:00:00.005Z","replyTo":null}\n`,
    );
  });

  it('what is absent is null', () => {
    expect(articleLine({ ...article, title: undefined, originName: undefined })).toMatchObject({
      title: null,
      originName: null,
    });
  });

  it('a report', () => {
    const report = reportOf([
      answered('a', 2),
      rowOf('b', { outcome: 'STALE', ageMs: 5000, via: 'a', reason: 'silent for 1 s' }),
    ]);
    expect(JSON.stringify(reportLine({ ...report, next: 'more' }))).toBe(
      '{"type":"report","complete":false,"next":"more","rounds":1,"calls":1,"servers":[' +
        '{"id":"a","name":"name of a","outcome":"ANSWERED","articles":2,"hop":0,"via":null,"tookMs":7,"ageMs":null,"reason":null,"links":["b"]},' +
        '{"id":"b","name":"name of b","outcome":"STALE","articles":0,"hop":0,"via":"a","tookMs":7,"ageMs":5000,"reason":"silent for 1 s","links":[]}]}',
    );
  });

  it('an acknowledgement, and a link', () => {
    const published = { id: 'i', origin: 'o', epoch: 1, seq: 2 ** 53 - 1, publishedAtMs: 1, duplicate: false };
    expect(JSON.stringify(publishedLine(published))).toBe(
      '{"id":"i","origin":"o","epoch":"1","seq":"9007199254740991","publishedAt":"1970-01-01T00:00:00.001Z","duplicate":false,"held":false}',
    );
    const peer = {
      from: 'a',
      to: 'b',
      name: 'B',
      address: 'localhost:1',
      state: 'up',
      sinceMs: 0,
      lagMs: undefined,
      mirroredTo: 2 ** 53 - 1,
      length: undefined,
      level: 'allow',
      reason: undefined,
      untilMs: undefined,
    };
    expect(JSON.stringify(peerLine(peer))).toBe(
      '{"from":"a","to":"b","state":"up","since":"1970-01-01T00:00:00.000Z","lagMs":null,"mirroredTo":"9007199254740991","length":null,"level":"allow","reason":null,"until":null}',
    );
  });
});

describe('the report as a sentence', () => {
  it('says that all answered', () => {
    expect(reportText(reportOf([answered('a', 1), answered('b', 0), answered('c', 9)], true))).toBe(
      '3 of 3 communities answered',
    );
    expect(reportText(reportOf([answered('a', 1)], true))).toBe('1 of 1 community answered');
  });

  it('S0.14 names who did not, and why', () => {
    const dead = rowOf('h', { name: 'Hamlet', outcome: 'UNREACHABLE', reason: 'silent for 1 s' });
    const stale = rowOf('o', { name: 'Othello', outcome: 'STALE', ageMs: 65_000 });
    expect(reportText(reportOf([answered('a', 1), dead, stale]))).toBe(
      '1 of 3 communities answered; Hamlet: unreachable — silent for 1 s; Othello: stale, from a copy 1 min old',
    );
  });

  it('never passes for complete what is not', () => {
    expect(reportText(reportOf([answered('a', 1)]))).toMatch(/not complete/);
    expect(reportText({ ...reportOf([answered('a', 1)]), coverageChanged: true })).toMatch(
      /other communities answered/,
    );
  });

  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [90_000, '1 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 d'],
  ])('%d milliseconds are roughly %s', (ms, text) => {
    expect(roughly(ms)).toBe(text);
  });
});
