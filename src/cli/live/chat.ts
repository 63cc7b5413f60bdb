import type { Community } from '../../client/index.js';
import { isMootError } from '../../core/errors.js';
import { exit, sayFailure } from '../failure.js';
import { feedLine } from '../render/feed-lines.js';
import { articlesText, gapText, lostText, retractedText, subscribersText } from '../render/feed-text.js';
import { chatText } from '../render/message-text.js';
import type { Session } from '../session.js';
import { type Heard, Listening } from './listening.js';
import { namedFeeds } from './named-feeds.js';
import { openTyping, type Typing } from './typing.js';

/** Lines go out as they are typed, others' appear above the one that is being typed; until Ctrl-D or Ctrl-C. */
export async function runChat(session: Session, community: Community, topic: string): Promise<void> {
  const typing = openTyping(session, { prompt: '> ' });
  const chat = new Chat(session, community, topic, typing);
  try {
    await chat.run();
  } finally {
    await chat.close();
    typing.close();
  }
  if (typing.signal.aborted) session.status = exit.interrupted;
}

class Chat {
  private readonly listening: Listening;
  /** What was typed here: it stands above already. */
  private readonly own = new Set<string>();
  private publishing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: Session,
    private readonly community: Community,
    private readonly topic: string,
    private readonly typing: Typing,
  ) {
    this.listening = new Listening(namedFeeds(session, community), (heard) => this.hear(heard), {
      onFailure: (error) => typing.fail(error),
    });
  }

  async run(): Promise<void> {
    const { community, topic, typing } = this;
    try {
      const subscribers = await this.listening.add(topic, typing.signal);
      const member = community.member ?? '';
      await typing.note(
        `${topic} in ${community.name}, as ${member}, ${subscribersText(subscribers)}; Ctrl-D ends it\n`,
      );
      for await (const line of typing) if (line.trim() !== '') await this.say(line);
    } catch (error) {
      if (!typing.signal.aborted || !isMootError(error)) throw error;
    }
  }

  close(): Promise<void> {
    return this.listening.end();
  }

  private async say(body: string): Promise<void> {
    const { community, topic, typing, session } = this;
    const published = community.publish({ topic, body }, { signal: typing.signal }).then(async ({ id, held }) => {
      if (held) await typing.note('held, until a moderator lets it in\n');
      else this.own.add(id);
    });
    this.publishing = published.catch(() => undefined);
    try {
      await published;
    } catch (error) {
      if (!isMootError(error) || typing.signal.aborted) throw error;
      await typing.complain(sayFailure(session.settings, error, 'not sent'));
    }
  }

  private async hear(heard: Heard): Promise<void> {
    const { session, community, typing } = this;
    switch (heard.type) {
      case 'article': {
        const { article } = heard;
        // It may be heard before it is acknowledged.
        if (article.origin === community.id && article.member === community.member) await this.publishing;
        const isOwn = this.own.delete(article.id);
        await session.give(feedLine(heard) ?? {});
        if (!isOwn || !typing.isTerminal) await typing.print(chatText(article, community.id));
        return;
      }
      case 'retracted':
        return typing.print(retractedText(heard));
      case 'gap':
        return typing.note(gapText(heard));
      case 'lost':
        return typing.note(lostText(heard.reason));
      case 'back':
        return typing.note(`back; ${articlesText(heard.recovered)} came in between\n`);
    }
  }
}
