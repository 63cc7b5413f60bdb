import { type AtomFeed, type JsonFeed, parseFeed, type RdfFeed, type RssFeed } from 'feedsmith';
import { invalid } from '../../../core/errors.js';
import { htmlToLine, htmlToText } from '../html/to-text.js';

/** An entry of a feed of any format, still in the feed's own words. */
export interface FeedItem {
  /** Unique in its feed, and kept when the entry is changed; undefined where it has none. */
  readonly id: string | undefined;
  readonly title: string | undefined;
  readonly author: string | undefined;
  readonly date: string | undefined;
  readonly link: string | undefined;
  readonly categories: readonly string[];
  /** Makes its text; large, and needed once. */
  readonly body: () => string;
}

export interface FeedContent {
  /** What tells this feed from others with the same ids: `1`, `2`. */
  readonly id: string;
  /** Who writes where an entry does not say. */
  readonly author: string | undefined;
  readonly items: readonly FeedItem[];
}

/** Entities that a feed declares itself are never expanded. @throws MootError `invalid` when it is none. */
export function parseFeedContent(text: string): FeedContent {
  try {
    const parsed = parseFeed(text);
    if (parsed.format === 'rss') return fromRss(parsed.feed);
    if (parsed.format === 'atom') return fromAtom(parsed.feed);
    if (parsed.format === 'rdf') return fromRdf(parsed.feed);
    return fromJson(parsed.feed);
  } catch (cause) {
    const why = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
    throw invalid('file', `it is not RSS, Atom or JSON Feed${why}`, 'say what it is: --format ndjson, or mbox');
  }
}

function fromRss({ title, link, items = [] }: RssFeed.Feed<string>): FeedContent {
  return {
    id: link ?? title ?? '',
    author: line(title),
    items: items.map((item) => ({
      id: item.guid?.value ?? item.link,
      title: line(item.title),
      author: item.dc?.creators?.[0] ?? personOf(item.authors?.[0]) ?? personOf(item.itunes),
      date: item.pubDate ?? item.dc?.dates?.[0],
      link: item.link ?? (item.guid?.isPermaLink === false ? undefined : item.guid?.value),
      categories: present(item.categories?.map(({ name }) => name)),
      body: () => htmlToText(item.content?.encoded ?? item.description ?? ''),
    })),
  };
}

function fromRdf({ title, link, items = [] }: RdfFeed.Feed<string>): FeedContent {
  return {
    id: link ?? title ?? '',
    author: line(title),
    items: items.map((item) => ({
      id: item.rdf?.about ?? item.link,
      title: line(item.title),
      author: item.dc?.creators?.[0],
      date: item.dc?.dates?.[0],
      link: item.link,
      categories: item.dc?.subjects ?? [],
      body: () => htmlToText(item.content?.encoded ?? item.description ?? ''),
    })),
  };
}

function fromAtom({ id, title, authors, links = [], entries = [] }: AtomFeed.Feed<string>): FeedContent {
  return {
    id: id ?? links[0]?.href ?? textOf(title) ?? '',
    author: authors?.[0]?.name ?? line(textOf(title)),
    items: entries.map((entry) => ({
      id: entry.id,
      title: titleOf(entry.title),
      author: entry.authors?.[0]?.name,
      date: entry.published ?? entry.updated,
      link: entry.links?.find(({ rel = 'alternate' }) => rel === 'alternate')?.href,
      categories: present(entry.categories?.map(({ label, term }) => label ?? term)),
      body: () => textOf(entry.content) ?? textOf(entry.summary) ?? '',
    })),
  };
}

function fromJson({ title, home_page_url, feed_url, authors, items = [] }: JsonFeed.Feed<string>): FeedContent {
  return {
    id: home_page_url ?? feed_url ?? title ?? '',
    author: authors?.[0]?.name ?? title,
    items: items.map((item) => ({
      id: item.id,
      title: item.title,
      author: item.authors?.[0]?.name,
      date: item.date_published ?? item.date_modified,
      link: item.url ?? item.external_url,
      categories: item.tags ?? [],
      body: () => item.content_text ?? (item.content_html ? htmlToText(item.content_html) : (item.summary ?? '')),
    })),
  };
}

/** RFC 4287, 3.1.1 and 4.1.3.1: text is text, the two others are HTML, and a media type says so itself. */
function textOf(text: { readonly value?: string; readonly type?: string } | undefined): string | undefined {
  if (text?.value === undefined) return undefined;
  return isHtml(text.type) ? htmlToText(text.value) : text.value;
}

function titleOf(text: { readonly value: string; readonly type?: string } | undefined): string | undefined {
  return text && isHtml(text.type) ? htmlToLine(text.value) : text?.value;
}

function isHtml(type = 'text'): boolean {
  return /html/i.test(type);
}

/** RSS says of no title whether it is HTML; many are. */
function line(text: string | undefined): string | undefined {
  return text === undefined ? undefined : htmlToLine(text);
}

function personOf(person: { readonly name?: string; readonly email?: string; readonly author?: string } | undefined) {
  return person?.name ?? person?.author ?? person?.email;
}

function present(names: readonly (string | undefined)[] = []): readonly string[] {
  return names.filter((name) => name !== undefined);
}
