import type { Community, Joined, ServerInfo } from '../../client/index.js';
import { placeOf } from '../../core/address.js';
import type { Column } from '../render/table.js';
import type { Session } from '../session.js';
import type { List } from './pick.js';
import type { Prompts } from './prompts.js';

/** What is being done while the servers are fetched. */
export const askingRegistry = 'asking the registry';

/** The servers that the registries list. */
export function listedServers(
  session: Session,
  message: string,
  keep: (server: ServerInfo) => boolean = () => true,
): List<ServerInfo> {
  return {
    message,
    doing: askingRegistry,
    none: `there is none: ${session.settings.registries.join(', ')} lists no such community`,
    fetch: async (signal) => (await servers(session, signal)).filter(keep),
    key: ({ id }) => id,
    columns: () => serverColumns,
  };
}

/** The communities we are members of, whether the registries list them or not. */
export function joinedServers(session: Session, message: string): List<Joined> {
  return {
    message,
    doing: 'reading what you have joined',
    none: 'you have joined no community yet: Join Server is the first entry of the menu',
    fetch: async () => (await session.moot()).memberships(),
    key: ({ id }) => id,
    columns: () => [
      { head: 'NAME', text: ({ name }) => name },
      { head: 'ADDRESS', text: ({ address }) => placeOf(address) },
      { head: 'MEMBER', text: ({ member }) => `as ${member}` },
    ],
  };
}

/** A community we are a member of, found where it is now. */
export function found(session: Session, prompts: Prompts, { id, name }: Joined): Promise<Community> {
  return prompts.waiting(`looking for ${name}`, async (signal) => (await session.moot()).community(id, { signal }));
}

export async function servers(session: Session, signal: AbortSignal): Promise<readonly ServerInfo[]> {
  return (await session.moot()).servers({}, { signal });
}

export const serverColumns: readonly Column<ServerInfo>[] = [
  { head: 'NAME', text: ({ name }) => name },
  { head: 'ADDRESS', text: ({ address }) => placeOf(address) },
  { head: 'JOINED', text: ({ joined }) => (joined ? 'joined' : '–') },
  { head: 'ARTICLES', text: ({ articles }) => counted(articles, 'article'), right: true },
  { head: 'MEMBERS', text: ({ members }) => counted(members, 'member'), right: true },
  { head: 'TOPICS', text: ({ topics }) => (topics.length > 0 ? topics.join(', ') : 'any topic') },
];

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
