import { parseTopic } from '../../core/topic.js';
import { showEvent } from '../live/follow.js';
import { namedFeeds } from '../live/named-feeds.js';
import type { Session } from '../session.js';
import { pick } from './pick.js';
import type { Prompts } from './prompts.js';
import { found, joinedServers } from './server-lists.js';
import { wrongBy } from './wrong.js';

/** Articles as they come, until a key says that it is enough. */
export async function liveFeed(session: Session, prompts: Prompts): Promise<void> {
  const joined = await pick(session, prompts, joinedServers(session, 'Live feed of which server?'));
  const topic = await prompts.line('Topic (blank: all)', (typed) =>
    typed === '' ? undefined : wrongBy(() => parseTopic(typed)),
  );
  const community = await found(session, prompts, joined);
  const feeds = namedFeeds(session, community);
  await session.say('Escape goes back to the menu.\n');
  await prompts.watching(async (signal) => {
    for await (const event of feeds.subscribe({ topics: topic === '' ? [] : [topic], signal }))
      await showEvent(session, community.name, await feeds.withName(event));
  });
}
