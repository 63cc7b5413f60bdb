import type { Article } from '../../client/index.js';
import { oneLine, plain } from './plain.js';

/** An article as one says it in a conversation: `[sports.chess] ada: 1. b4`, what follows the first line indented. */
export function messageText(article: Article, here: string): string {
  return said(`[${article.topic}] ${sender(article, here)}`, article);
}

/** The same in a conversation about one topic: `10:04 ada: 1. b4`. */
export function chatText(article: Article, here: string): string {
  const date = new Date(article.publishedAtMs);
  const [hours, minutes] = [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0'));
  return said(`${hours}:${minutes} ${sender(article, here)}`, article);
}

/** The byline; who published it, where that is somebody else; and where it comes from, where that is not `here`. */
function sender({ author, member, origin, originName }: Article, here: string): string {
  const by = author === member ? '' : member;
  const from = origin === here ? '' : (originName ?? `${origin.slice(0, 12)}…`);
  const beside = [by, from].filter((part) => part !== '').map(oneLine);
  return beside.length === 0 ? oneLine(author) : `${oneLine(author)} (${beside.join(', ')})`;
}

function said(who: string, { title, body }: Article): string {
  const [first = '', ...rest] = [...(title === undefined ? [] : [oneLine(title)]), ...plain(body).split('\n')];
  return [`${who}: ${first}`, ...rest.map((line) => `  ${line}`), ''].join('\n');
}
