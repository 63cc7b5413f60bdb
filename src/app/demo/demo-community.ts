/** A community as `moot demo` fills it. Texts were written for this project; the people in them are made up, the facts are not. */
export interface DemoCommunity {
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  /** The topics it takes. */
  readonly topics: readonly string[];
  readonly articles: readonly DemoArticle[];
}

/** A draft, and a key of its own, so that filling a community twice adds nothing. */
export interface DemoArticle {
  readonly key: string;
  readonly topic: string;
  readonly author: string;
  readonly title: string;
  readonly body: string;
  readonly publishedAtMs: number;
}

/** What an article says of itself before its text: topic, byline and date (`2025-03-02 18:40`, UTC). */
export interface Heading {
  readonly topic: string;
  readonly author: string;
  readonly at: string;
}

/** An article whose lines are joined to one paragraph; an empty line begins the next. */
export function article(title: string, { topic, author, at }: Heading, text: string): DemoArticle {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return {
    key: `demo ${title}`,
    topic,
    author,
    title,
    body: paragraphs.map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' ').trim()).join('\n\n'),
    publishedAtMs: Date.parse(`${at.replace(' ', 'T')}:00Z`),
  };
}
