import type { Article } from '../../client/index.js';
import type { Colours } from './colours.js';
import { oneLine, plain } from './plain.js';
import { localTime } from './time.js';
import { cutTo } from './width.js';

const bodyLines = 3;

/** An article as people skim it: its title, where it comes from, and how it begins. Ends with an empty line. */
export function articleText(article: Article, columns: number, colours: Colours): string {
  const lines = plain(article.body)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const title = oneLine(article.title ?? lines[0] ?? '');
  // A body that begins by saying its title again does not say it twice.
  const rest = lines[0] !== undefined && oneLine(lines[0]) === title ? lines.slice(1) : lines;
  const place = [
    article.originName ?? `${article.origin.slice(0, 12)}…`,
    article.topic,
    article.author,
    localTime(article.publishedAtMs),
    article.id.slice(0, 12),
  ];
  const shown = rest.slice(0, bodyLines).map((line) => oneLine(line));
  if (rest.length > bodyLines) shown.push('…');
  return [
    colours.bold(cutTo(title, columns)),
    colours.dim(cutTo(place.map(oneLine).join(' · '), columns)),
    ...shown.map((line) => cutTo(`  ${line}`, columns)),
    '',
    '',
  ].join('\n');
}
