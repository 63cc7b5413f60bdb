import type { Joined, ServerInfo } from '../../client/index.js';
import type { Column } from '../render/table.js';
import type { Session } from '../session.js';
import type { List } from './pick.js';

/** The servers that the registries list. */
export function listedServers(
  session: Session,
  message: string,
  keep: (server: ServerInfo) => boolean = () => true,
): List<ServerInfo> {
  return {
    message,
    none: `there is none: ${session.settings.registries.join(', ')} lists no such community`,
    fetch: async () => (await servers(session)).filter(keep),
    columns: () => serverColumns,
  };
}

/** The communities we are members of, whether the registries list them or not. */
export function joinedServers(session: Session, message: string): List<Joined> {
  return {
    message,
    none: 'you have joined no community yet: Join Server is the first entry of the menu',
    fetch: async () => (await session.moot()).memberships(),
    columns: () => [
      { head: 'NAME', text: ({ name }) => name },
      { head: 'ADDRESS', text: ({ address }) => address },
      { head: 'MEMBER', text: ({ member }) => `as ${member}` },
    ],
  };
}

export async function servers(session: Session): Promise<readonly ServerInfo[]> {
  return (await session.moot()).servers({}, { signal: session.signal });
}

export const serverColumns: readonly Column<ServerInfo>[] = [
  { head: 'NAME', text: ({ name }) => name },
  { head: 'ADDRESS', text: ({ address }) => address },
  { head: 'JOINED', text: ({ joined }) => (joined ? 'joined' : '–') },
  { head: 'ARTICLES', text: ({ articles }) => counted(articles, 'article'), right: true },
  { head: 'MEMBERS', text: ({ members }) => counted(members, 'member'), right: true },
  { head: 'TOPICS', text: ({ topics }) => (topics.length > 0 ? topics.join(', ') : 'any topic') },
];

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
