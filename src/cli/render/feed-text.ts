import type { FeedEvent } from '../../client/feed-events.js';
import { oneLine } from './plain.js';

type Of<Type extends FeedEvent['type']> = Extract<FeedEvent, { type: Type }>;

export function subscribersText(subscribers: number): string {
  return counted(subscribers, 'subscriber');
}

export function articlesText(articles: number): string {
  return counted(articles, 'article');
}

export function membersText(members: number): string {
  return counted(members, 'member');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function gapText({ origin, from, to, reason }: Of<'gap'>): string {
  const which = from === to ? `entry ${from}` : `entries ${from} to ${to}`;
  return `gap: ${which} of ${origin.slice(0, 12)}… cannot be had: ${oneLine(reason)}\n`;
}

export function retractedText({ retracts, topic, reason }: Of<'retracted'>): string {
  const why = reason === '' ? '' : `: ${oneLine(reason)}`;
  return `[${topic}] ${retracts.slice(0, 12)}… was taken back${why}\n`;
}

export function notFedText({ notFed }: Of<'accepted'>): string {
  return notFed
    .map(({ name, id, reason }) => `${oneLine(name) || id.slice(0, 12)} brings nothing now: ${oneLine(reason)}\n`)
    .join('');
}

export function lostText(reason: string): string {
  return `connection lost: ${oneLine(reason)}; trying again\n`;
}
