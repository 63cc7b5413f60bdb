import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseDraft } from '../../src/core/draft.js';
import { loadArticles } from '../support/corpus.js';

const folder = mkdtempSync(join(tmpdir(), 'moot-corpus-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the corpus of the tests', () => {
  it('is every line of the folder that is named', () => {
    const line = { topic: 'a', author: 'b', title: 'c', body: 'd', publishedAt: 1 };
    writeFileSync(join(folder, 'x.ndjson'), `${JSON.stringify(line)}\n${JSON.stringify({ ...line, title: 'e' })}\n`);
    writeFileSync(join(folder, 'y.txt'), 'nothing');
    const { articles, files } = loadArticles({ MOOT_TEST_CORPUS: folder });
    expect(articles.map(({ title }) => title)).toEqual(['c', 'e']);
    expect(files.map(({ name }) => name)).toEqual(['x.ndjson']);
  });

  it('is made up, some thousand articles, the same ones each time, when no folder is named', () => {
    const [first, second] = [loadArticles({}), loadArticles({})];
    expect(first).toEqual(second);
    expect(first.articles.length).toBeGreaterThan(3000);
    const drafts = first.articles.map((article) => ({ ...article, publishedAtMs: article.publishedAt * 1000 }));
    for (const draft of drafts) parseDraft(draft, [], Date.UTC(2026, 10, 1));
    const texts = new Set(drafts.map(({ title, body }) => `${title}\n${body}`));
    expect(texts.size).toBe(drafts.length);
    expect(drafts.some(({ title }) => [...title].length === 300)).toBe(true);
    expect(drafts.some(({ title }) => /^\s.*\t$/.test(title))).toBe(true);
  });

  it('is never less than it should be under CI', () => {
    expect(() => loadArticles({ CI: 'true' })).toThrow('MOOT_TEST_CORPUS names no folder');
    const empty = mkdtempSync(join(folder, 'empty-'));
    expect(() => loadArticles({ MOOT_TEST_CORPUS: empty })).toThrow('holds no article');
  });
});
