import { randomUUID } from 'node:crypto';
import type { Article, Community, Draft } from '../../client/index.js';
import { systemClock } from '../../core/clock.js';
import { parseDraft } from '../../core/draft.js';
import { isMootError } from '../../core/errors.js';
import { toFailure } from '../failure.js';
import { oneLine } from '../render/plain.js';
import { publishedText } from '../render/published-text.js';
import type { Session } from '../session.js';
import { Back } from './leaving.js';
import { pick } from './pick.js';
import type { Prompts } from './prompts.js';
import { found, joinedServers } from './server-lists.js';
import { wrongBy } from './wrong.js';

export async function publishArticle(session: Session, prompts: Prompts): Promise<void> {
  const joined = await pick(session, prompts, joinedServers(session, 'Publish in which server?'));
  await publish(session, prompts, await found(session, prompts, joined), {});
}

/** Publishes, in the community that is read, an article that answers another. */
export async function reply(session: Session, prompts: Prompts, community: Community, to: Article): Promise<void> {
  await publish(session, prompts, community, { topic: to.topic, replyTo: to.id });
}

async function publish(
  session: Session,
  prompts: Prompts,
  community: Community,
  given: { readonly topic?: string; readonly replyTo?: string },
): Promise<void> {
  const { topics: takes } = await prompts.waiting(`asking ${community.name}`, (signal) =>
    community.describe({ signal }),
  );
  const wrong = (part: Partial<Draft>): string | undefined =>
    wrongBy(() => parseDraft({ topic: takes[0] ?? 'any', body: 'any', ...part }, takes, systemClock.now()));
  const sort = given.topic === undefined ? takes.join(', ') || 'any, as in sports.chess' : `blank: ${given.topic}`;
  const topic = await prompts.line(`Topic (${sort})`, (typed) => wrong({ topic: typed || (given.topic ?? '') }));
  const title = await prompts.line('Title (blank: none)', (typed) =>
    typed === '' ? undefined : wrong({ title: typed }),
  );
  const author = await prompts.line(`Author (blank: ${oneLine(community.member ?? '')})`, (typed) =>
    typed === '' ? undefined : wrong({ author: typed }),
  );
  const body = await askBody(session, prompts, wrong);
  const draft = {
    topic: topic || (given.topic ?? ''),
    title: title || undefined,
    author: author || undefined,
    body,
    replyTo: given.replyTo,
  };
  await send(session, prompts, community, draft);
}

/** Publishes it, and offers to try again when that fails: what was written is not to be lost. One key makes one article of it. */
async function send(session: Session, prompts: Prompts, community: Community, draft: Draft): Promise<void> {
  const key = randomUUID();
  for (;;) {
    try {
      const published = await prompts.waiting(`publishing in ${community.name}`, (signal) =>
        community.publish(draft, { key, signal }),
      );
      return await session.say(publishedText(published, community.name));
    } catch (error) {
      if (!isMootError(error)) throw error;
      await session.complain(toFailure(error, 'cannot publish', session.settings.debug).text);
    }
    const goesOn = await prompts.choose('Your article is still here. And now?', [
      { name: 'try again', value: true },
      { name: 'back to the menu, without it', value: false },
    ]);
    if (!goesOn) throw new Back();
  }
}

async function askBody(
  session: Session,
  prompts: Prompts,
  wrong: (part: Partial<Draft>) => string | undefined,
): Promise<string> {
  for (;;) {
    const body = await prompts.lines('Text; a line with a single dot ends it:');
    const why = wrong({ body });
    if (why === undefined) return body;
    await session.complain(`${why}\n`);
  }
}
