import { Feed } from 'feed';
import type { ArticleInfo } from './api.js';
import { clean, titleOf, toHtml, toHtmlLines } from './feed-text.js';

/** What a feed is made of. */
export interface FeedSource {
  readonly title: string;
  /** Where the page is, without a slash at its end. */
  readonly base: string;
  /** Path and query of the feed itself. */
  readonly self: string;
  /** Its id; undefined for the federation. */
  readonly community: string | undefined;
  readonly articles: readonly ArticleInfo[];
}

export interface FeedWriter {
  readonly type: string;
  write(source: FeedSource): string;
}

type Kind = 'rss' | 'atom' | 'json';

/** By the ending of the file. Titles are HTML in RSS and Atom, and text in JSON. */
export const writers: Readonly<Record<string, FeedWriter>> = {
  rss: { type: 'application/rss+xml', write: (source) => fill(source, 'rss').rss2() },
  atom: { type: 'application/atom+xml', write: (source) => fill(source, 'atom').atom1() },
  json: { type: 'application/feed+json', write: (source) => fill(source, 'json').json1() },
};

/** A feed changes when what is in it does: an empty one is of the beginning of time. */
function fill({ title, base, self, community, articles }: FeedSource, kind: Kind): Feed {
  const home = `${base}/${community === undefined ? '' : `?in=${community}`}`;
  const newest = Math.max(0, ...articles.map(({ storedAt }) => Date.parse(storedAt)));
  const feed = new Feed({
    id: `${base}${self}`,
    title: clean(title),
    description: clean(title),
    link: home,
    feedLinks: { [kind]: `${base}${self}` },
    updated: new Date(newest),
    generator: 'moot',
    copyright: '',
  });
  for (const article of articles) {
    const { id, origin, originName, topic, author, member, body, publishedAt } = article;
    const name = titleOf(article.title, body);
    const by = author === member ? author : `${author} (${member})`;
    const where = originName ?? origin.slice(0, 12);
    feed.addItem({
      id: `urn:moot:${id}`,
      title: kind === 'json' ? name : toHtml(name),
      link: `${base}/?in=${community ?? origin}&article=${id}`,
      content: toHtmlLines(body),
      author: [{ name: clean(`${by}, ${where}`) }],
      category: [{ name: topic, term: topic }],
      date: new Date(publishedAt),
      published: new Date(publishedAt),
    });
  }
  return feed;
}
