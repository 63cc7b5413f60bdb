import type { QueryOptions } from '../../client/index.js';
import { parseFilter } from '../../core/filter.js';
import { limits } from '../../core/limits.js';
import { parseTopic } from '../../core/topic.js';
import { parseDate } from '../parse/date.js';
import { parseWhole } from '../parse/number.js';
import type { Session } from '../session.js';
import { pages } from './pages.js';
import { pick } from './pick.js';
import type { Prompts } from './prompts.js';
import { found, joinedServers } from './server-lists.js';
import { wrongBy } from './wrong.js';

export async function getArticles(session: Session, prompts: Prompts): Promise<void> {
  const joined = await pick(session, prompts, joinedServers(session, 'Articles from which server?'));
  const asked = await askFilter(prompts);
  await pages(session, prompts, await found(session, prompts, joined), asked);
}

const pageArticles = 10;

/** Blank is any, for each of them; all that is given must hold. */
async function askFilter(prompts: Prompts): Promise<QueryOptions> {
  const ask = (message: string, parse: (typed: string) => unknown): Promise<string> =>
    prompts.line(`${message} (blank: all)`, (typed) => (typed === '' ? undefined : wrongBy(() => parse(typed))));
  const topic = await ask('Topic', (typed) => parseTopic(typed));
  const author = await ask('Author', (typed) => parseFilter({ topics: [], origins: [], author: typed }));
  const since = await ask('Date, on or after', (typed) => parseDate('date', typed));
  const text = await ask('Words', (typed) => parseFilter({ topics: [], origins: [], text: typed }));
  const wrongLimit = (typed: string): string | undefined => wrongBy(() => parseLimit(typed));
  const limit = await prompts.line(`Articles on a page (blank: ${pageArticles})`, (typed) =>
    typed === '' ? undefined : wrongLimit(typed),
  );
  return {
    topics: topic === '' ? [] : [topic],
    author: author || undefined,
    sinceMs: since === '' ? undefined : parseDate('date', since),
    text: text || undefined,
    limit: limit === '' ? pageArticles : parseLimit(limit),
  };
}

function parseLimit(typed: string): number {
  return parseWhole('the limit', typed, 1, limits.queryLimit);
}
