import type { Article, Community, QueryOptions, Report } from '../../client/index.js';
import { oneLine, plain } from '../render/plain.js';
import { reportText } from '../render/report-text.js';
import { localTime } from '../render/time.js';
import { cutTo } from '../render/width.js';
import type { Session } from '../session.js';
import type { Option, Prompts } from './prompts.js';
import { reply } from './publish-article.js';

// The number and the mark before a line.
const margin = 8;

interface Page {
  readonly articles: readonly Article[];
  readonly report: Report;
}

type Turn = 'next' | 'previous' | 'same' | 'menu';

/** Shows an answer page by page, each under the sentence that says who answered. */
export async function pages(
  session: Session,
  prompts: Prompts,
  community: Community,
  asked: QueryOptions,
): Promise<void> {
  // The tokens of the pages up to the one that is shown; the first has none.
  const tokens: (string | undefined)[] = [undefined];
  for (;;) {
    const page = await prompts.waiting(`asking ${community.name}`, (signal) =>
      read(community, { ...asked, page: tokens.at(-1), signal }),
    );
    const { length } = page.articles;
    await session.say(`${length} ${length === 1 ? 'article' : 'articles'}; ${reportText(page.report)}\n`);
    const next = await browse(session, prompts, community, page, tokens.length > 1);
    if (next === 'menu') return;
    if (next === 'next') tokens.push(page.report.next);
    if (next === 'previous') tokens.pop();
  }
}

async function read(community: Community, options: QueryOptions): Promise<Page> {
  const answer = community.query(options);
  const articles: Article[] = [];
  for await (const article of answer) articles.push(article);
  return { articles, report: await answer.report };
}

async function browse(
  session: Session,
  prompts: Prompts,
  community: Community,
  { articles, report }: Page,
  hasPrevious: boolean,
): Promise<Turn> {
  const options: Option<Article | Turn>[] = articles.map((article) => ({
    name: cutTo(headline(article), session.columns - margin),
    value: article,
  }));
  if (report.next !== undefined) options.push({ name: 'next page', value: 'next' });
  if (hasPrevious) options.push({ name: 'previous page', value: 'previous' });
  options.push({ name: 'refresh', value: 'same' }, { name: 'back to the menu', value: 'menu' });
  for (;;) {
    const chosen = await prompts.choose('Read which article?', options);
    if (typeof chosen === 'string') return chosen;
    await session.say(fullText(chosen));
    const then = await prompts.choose('And then?', [
      { name: 'back to the page', value: 'page' },
      { name: 'reply', value: 'reply' },
    ]);
    if (then === 'reply') await reply(session, prompts, community, chosen);
  }
}

function headline(article: Article): string {
  const title = oneLine(article.title ?? article.body.slice(0, 200));
  return `${title} — ${oneLine(`${placeOf(article)}, ${article.author}, ${localTime(article.publishedAtMs)}`)}`;
}

function placeOf({ originName, origin }: Article): string {
  return originName ?? `${origin.slice(0, 12)}…`;
}

function fullText(article: Article): string {
  const { title, body, topic, author, publishedAtMs, id, replyTo } = article;
  const place = [placeOf(article), topic, author, localTime(publishedAtMs)].map(oneLine).join(' · ');
  const answers = replyTo === undefined ? '' : `answers ${replyTo}\n`;
  return `\n${title === undefined ? '' : `${oneLine(title)}\n`}${place}\n${id}\n${answers}\n${plain(body)}\n\n`;
}
