import type { Community } from '../../client/index.js';
import { placeOf } from '../../core/address.js';
import { systemClock } from '../../core/clock.js';
import { isMootError, MootError } from '../../core/errors.js';
import { sayFailure } from '../failure.js';
import { KeptTopics } from '../live/kept-topics.js';
import { type Heard, Listening } from '../live/listening.js';
import { memberAs } from '../live/member-as.js';
import { memberHome } from '../live/member-home.js';
import { namedFeeds } from '../live/named-feeds.js';
import { Saver } from '../live/saver.js';
import type { Typing } from '../live/typing.js';
import { articlesText, gapText, lostText, membersText, retractedText, subscribersText } from '../render/feed-text.js';
import { messageText } from '../render/message-text.js';
import type { Session } from '../session.js';

/** One CONNECT: a member at a community, with subscriptions that outlive the program until DISCONNECT. */
export class Connection {
  private readonly listening: Listening;
  private readonly saver: Saver;

  private constructor(
    session: Session,
    readonly community: Community,
    private readonly kept: KeptTopics,
    private readonly typing: Typing,
    /** Hears of each topic that something arrives on. */
    private readonly seen: (topic: string) => void,
  ) {
    // The shell goes on without it, unless there is nobody left to tell.
    const onFailure = (error: unknown): void => {
      const said = isMootError(error)
        ? typing.complain(sayFailure(session.settings, error, `nothing more arrives from ${community.name}`))
        : Promise.reject(error as Error);
      said.catch((gone: unknown) => typing.fail(gone));
    };
    this.saver = new Saver(() => this.save(), systemClock, onFailure);
    this.listening = new Listening(namedFeeds(session, community), (heard) => this.hear(heard), {
      onFailure,
      onChange: () => this.saver.touch(),
    });
  }

  /** @throws MootError `already_exists` when somebody else has that name. */
  static async open(
    session: Session,
    typing: Typing,
    at: { readonly server: string; readonly name: string },
    seen: (topic: string) => void,
  ): Promise<Connection> {
    const { community, isNew } = await memberAs(session, at.server, at.name);
    const kept = new KeptTopics(memberHome(session.settings.home, at.name), community.id);
    // A new member has nothing to come back to, whoever had the name before.
    if (isNew) await kept.forget();
    const listened = await kept.read();
    const connection = new Connection(session, community, kept, typing, seen);
    await typing.print(`OK connected to ${community.name} as ${community.member ?? ''}\n`);
    if (listened && listened.topics.size > 0) {
      const topics = [...listened.topics.keys()];
      for (const topic of topics) seen(topic);
      await typing.print(`your subscriptions are back: ${topics.join(', ')}\n`);
      connection.listening.resume(listened);
    }
    return connection;
  }

  get topics(): readonly string[] {
    return this.listening.all;
  }

  async subscribe(topic: string): Promise<void> {
    if (this.topics.includes(topic)) throw new MootError('already_exists', `you are subscribed to ${topic} already`);
    const subscribers = await this.listening.add(topic, this.typing.signal);
    // It is kept before it is acknowledged.
    await this.saver.now();
    await this.typing.print(`OK ${topic}, ${subscribersText(subscribers)}\n`);
  }

  async unsubscribe(topic: string): Promise<void> {
    const hint = this.topics.length > 0 ? `one of ${this.topics.join(', ')}` : 'SUBSCRIBE topic';
    if (!(await this.listening.remove(topic)))
      throw new MootError('not_found', `you are not subscribed to ${topic}`, { hint });
    await this.saver.now();
    await this.typing.print(`OK ${topic}, no longer\n`);
  }

  async publish(topic: string, body: string): Promise<void> {
    const { id, held } = await this.community.publish({ topic, body }, { signal: this.typing.signal });
    await this.typing.print(`${held ? 'HELD' : 'OK'} ${id}\n`);
  }

  async status(): Promise<string> {
    const { community, topics, typing } = this;
    const { articles, members } = await community.describe({ signal: typing.signal });
    const counts = await Promise.all(topics.map((topic) => this.listening.count(topic, typing.signal)));
    const lines = topics.map((topic, at) => `  ${topic}: ${subscribersText(counts[at] ?? 0)}\n`);
    const there = `${articlesText(articles)}, ${membersText(members)}`;
    const what = topics.length === 0 ? 'you are subscribed to nothing\n' : `you are subscribed to\n${lines.join('')}`;
    return `connected to ${community.name} at ${placeOf(community.address)} as ${community.member ?? ''}; ${there}\n${what}`;
  }

  /** Ends it and forgets its subscriptions. */
  async forget(): Promise<void> {
    await this.listening.close();
    this.saver.stop();
    await this.kept.forget();
  }

  /** Ends it; its subscriptions are there when the same name connects again. */
  async close(): Promise<void> {
    this.saver.touch();
    await this.saver.now();
    await this.listening.end();
    this.saver.stop();
  }

  private async save(): Promise<boolean> {
    if (this.topics.length === 0) {
      await this.kept.forget();
      return true;
    }
    const { state } = this.listening;
    if (state) await this.kept.write(state);
    return state !== undefined;
  }

  private async hear(heard: Heard): Promise<void> {
    const { typing, community } = this;
    switch (heard.type) {
      case 'article':
        this.seen(heard.article.topic);
        return typing.print(messageText(heard.article, community.id));
      case 'retracted':
        return typing.print(retractedText(heard));
      case 'gap':
        return typing.note(gapText(heard));
      case 'lost':
        return typing.note(lostText(heard.reason));
      case 'back':
        return typing.note(
          heard.recovered === 0
            ? 'back; you missed nothing\n'
            : `back; ${articlesText(heard.recovered)} that you missed ${heard.recovered === 1 ? 'is' : 'are'} above\n`,
        );
    }
  }
}
