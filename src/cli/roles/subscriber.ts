import { MootError } from '../../client/index.js';
import { everything, type Heard, Listening } from '../live/listening.js';
import { namedFeeds } from '../live/named-feeds.js';
import { feedLine } from '../render/feed-lines.js';
import { articlesText, gapText, lostText, retractedText, subscribersText } from '../render/feed-text.js';
import { messageText } from '../render/message-text.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { type Acting, type RoleParts, runRole } from './role.js';
import type { RoleFlags } from './role-flags.js';
import { parseTimedCommand } from './timed-command.js';

/** Prints what arrives with its sender: of the topics it is told, or everything where nobody tells it any. */
export function runSubscriber(session: Session, flags: RoleFlags): Promise<void> {
  return runRole(session, 'subscriber', flags, 'SUB: ', (parts) => subscribing(session, parts));
}

async function subscribing(session: Session, { community, typing, file }: RoleParts): Promise<Acting> {
  const { signal } = typing;
  const listening = new Listening(
    namedFeeds(session, community),
    (heard) => show(session, { community, typing }, heard),
    {
      onFailure: (error) => typing.fail(error),
    },
  );
  const add = async (topic: string): Promise<void> => {
    const subscribers = await listening.add(topic, signal);
    await session.give({ type: 'subscribed', topic: topic === everything ? null : topic, subscribers });
    const what = topic === everything ? 'everything' : topic;
    await typing.print(`OK ${what}, ${subscribersText(subscribers)}\n`);
  };
  if (!file?.commands.some(({ command }) => command.verb === 'sub')) await add(everything);
  return {
    run: async (command) => {
      if (command.verb === 'sub') {
        await add(command.topic);
        // Whoever names topics wants these and no others.
        await listening.remove(everything);
        return;
      }
      if (command.verb !== 'unsub') throw usage('command', `a subscriber has no ${command.verb}`);
      if (!(await listening.remove(command.topic)))
        throw new MootError('not_found', `${command.topic} is not subscribed to`, { hint: listedIn(listening.all) });
      await session.give({ type: 'unsubscribed', topic: command.topic });
      await typing.print(`OK ${command.topic}, no longer\n`);
    },
    parse: (line) => parseTimedCommand(line, 'subscriber', 'keyboard'),
    close: () => listening.end(),
  };
}

function listedIn(topics: readonly string[]): string {
  const named = topics.filter((topic) => topic !== everything);
  return named.length > 0 ? `one of ${named.join(', ')}` : 'sub TOPIC, to name the topics that you want';
}

async function show(
  session: Session,
  { community, typing }: Pick<RoleParts, 'community' | 'typing'>,
  heard: Heard,
): Promise<void> {
  switch (heard.type) {
    case 'article':
      await session.give(feedLine(heard) ?? {});
      return typing.print(messageText(heard.article, community.id));
    case 'retracted':
      await session.give(feedLine(heard) ?? {});
      return typing.print(retractedText(heard));
    case 'gap':
      await session.give(feedLine(heard) ?? {});
      return typing.note(gapText(heard));
    case 'lost':
      return typing.note(lostText(heard.reason));
    case 'back':
      return typing.note(`back; ${articlesText(heard.recovered)} came in between\n`);
  }
}
