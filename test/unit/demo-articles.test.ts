import { describe, expect, it } from '@jest/globals';
import { demoCommunities } from '../../src/app/demo/articles.js';
import { parseDraft } from '../../src/core/draft.js';
import { parseName } from '../../src/core/name.js';
import { parseTopic } from '../../src/core/topic.js';

const latestMs = Date.UTC(2026, 10, 1);

describe('the articles of the demo', () => {
  it('are at least 14 in each of three communities', () => {
    expect(demoCommunities).toHaveLength(3);
    for (const { articles } of demoCommunities) expect(articles.length).toBeGreaterThanOrEqual(14);
  });

  it.each(demoCommunities)('of $name are drafts that it takes, dated in the past', ({ name, topics, articles }) => {
    parseName(name);
    for (const topic of topics) parseTopic(topic);
    for (const draft of articles) {
      expect(parseDraft(draft, topics, latestMs)).toBe(draft);
      expect(draft.publishedAtMs).toBeGreaterThan(Date.UTC(2025, 0, 1));
      expect(draft.publishedAtMs).toBeLessThan(latestMs);
    }
  });

  it('have keys, titles and dates of their own', () => {
    const articles = demoCommunities.flatMap((community) => community.articles);
    for (const field of ['key', 'title', 'publishedAtMs'] as const)
      expect(new Set(articles.map((article) => article[field])).size).toBe(articles.length);
  });

  it('are short essays: 60 to 160 words, in paragraphs without stray line ends', () => {
    for (const { title, body } of demoCommunities.flatMap((community) => community.articles)) {
      const words = body.split(/\s+/).length;
      expect({ title, isShort: words >= 60 && words <= 160, words }).toMatchObject({ isShort: true });
      expect(body).not.toMatch(/[^\n]\n[^\n]| {2}/);
    }
  });
});
