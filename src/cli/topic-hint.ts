import { nearMisses } from '../core/near-miss.js';
import { covers } from '../core/topic.js';
import type { Session } from './session.js';

/**
 * What may have been meant, when nothing was found under `topics`: the nearest topic that a listed community takes.
 * @returns undefined where nothing is near, and where no registry can be asked: it is only a hint.
 */
export async function topicHint(session: Session, topics: readonly string[]): Promise<string | undefined> {
  const servers = await (await session.moot()).servers({}, { signal: session.signal }).catch(() => []);
  const taken = [...new Set(servers.flatMap((server) => server.topics))];
  const strange = topics.filter((topic) => !taken.some((one) => covers(one, topic) || covers(topic, one)));
  const [near] = strange.flatMap((topic) => nearMisses(topic.split('.')[0] ?? '', taken));
  return near === undefined ? undefined : `--topic ${near}`;
}
