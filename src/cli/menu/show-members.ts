import type { Community, MemberInfo } from '../../client/index.js';
import { oneLine } from '../render/plain.js';
import { localTime } from '../render/time.js';
import type { Session } from '../session.js';
import { type List, pick } from './pick.js';
import type { Prompts } from './prompts.js';
import { found, joinedServers } from './server-lists.js';

/** Who is a member of a community; picking one gives the id as well, then the list comes again. */
export async function showMembers(session: Session, prompts: Prompts): Promise<void> {
  const joined = await pick(session, prompts, joinedServers(session, 'Members of which server?'));
  const list = membersOf(await found(session, prompts, joined));
  for (;;) {
    const { name, id, joinedAtMs } = await pick(session, prompts, list);
    await session.say(`${oneLine(name)}\n  joined  ${localTime(joinedAtMs)}\n  id      ${id}\n`);
  }
}

function membersOf(community: Community): List<MemberInfo> {
  return {
    message: `Members of ${community.name}, by name:`,
    doing: `asking ${community.name}`,
    none: `${community.name} has no members`,
    fetch: async (signal) => {
      const members: MemberInfo[] = [];
      for await (const member of community.members({ signal })) members.push(member);
      return members.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    key: ({ id }) => id,
    columns: () => [
      { head: 'NAME', text: ({ name }) => name },
      { head: 'JOINED', text: ({ joinedAtMs }) => `since ${localTime(joinedAtMs)}` },
    ],
  };
}
