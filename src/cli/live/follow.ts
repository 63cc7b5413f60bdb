import type { FeedEvent } from '../../client/feed-events.js';
import type { SubscribeOptions } from '../../client/subscription.js';
import { systemClock } from '../../core/clock.js';
import { exit } from '../failure.js';
import { articleText } from '../render/article-text.js';
import { feedLine } from '../render/feed-lines.js';
import { gapText, lostText, notFedText, retractedText, subscribersText } from '../render/feed-text.js';
import type { Session } from '../session.js';
import type { CursorFile } from './cursor-file.js';
import type { Feeds } from './listening.js';
import { Saver } from './saver.js';

export interface FollowOptions {
  /** Ends after so many articles; undefined: at Ctrl-C. */
  readonly count?: number | undefined;
  /** Where the cursor is kept. */
  readonly keep?: CursorFile | undefined;
}

/** Shows a feed until it is ended, then the cursor, which names what has been shown and nothing else. */
export async function follow(
  session: Session,
  community: Feeds,
  asked: SubscribeOptions,
  { count = Number.POSITIVE_INFINITY, keep }: FollowOptions,
): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([session.signal, ended.signal]);
  const feed = community.subscribe({ ...asked, signal });
  let showing = false;
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    ended.abort();
  };
  const save = async (): Promise<boolean> => {
    if (showing) return false;
    await keep?.write(feed.cursor);
    return true;
  };
  const saver = new Saver(save, systemClock, fail);
  let left = count;
  try {
    for await (const event of feed) {
      showing = true;
      await showEvent(session, community.name, await community.withName(event));
      showing = false;
      if (keep && event.type !== 'reconnecting') saver.touch();
      if (event.type === 'article') left -= 1;
      if (left <= 0) break;
    }
  } catch (error) {
    fail(error);
  }
  if (keep) saver.touch();
  await saver.now().catch(fail);
  const { cursor } = feed;
  feed.close();
  if (!showing) {
    await session.give({ type: 'cursor', cursor });
    if (!session.settings.json && !keep) await session.note(`to go on from here: --from ${cursor}\n`);
  }
  if (failure) throw failure.error;
  if (session.signal.aborted) session.status = exit.interrupted;
}

/** One event, for people or with --json for scripts. */
export async function showEvent(session: Session, name: string, event: FeedEvent): Promise<void> {
  if (session.settings.json) {
    const line = feedLine(event);
    if (line) await session.give(line);
    return;
  }
  switch (event.type) {
    case 'article':
      return session.say(articleText(event.article, session.columns, session.colours));
    case 'retracted':
      return session.say(retractedText(event));
    case 'accepted':
      return session.note(`following ${name}, ${subscribersText(event.subscribers)}\n${notFedText(event)}`);
    case 'caughtUp':
      return session.note('caught up; what follows is new\n');
    case 'gap':
      return session.note(gapText(event));
    case 'reconnecting':
      return session.note(lostText(event.reason));
    case 'heartbeat':
      return undefined;
  }
}
