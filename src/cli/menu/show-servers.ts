import type { ServerInfo } from '../../client/index.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import { pick } from './pick.js';
import type { Prompts } from './prompts.js';
import { askingRegistry, listedServers, servers } from './server-lists.js';

/** The network as its members see it; picking a server tells all about it, then the list comes again. */
export async function showServers(session: Session, prompts: Prompts): Promise<void> {
  for (;;) {
    const server = await pick(session, prompts, listedServers(session, 'Servers, by name, address or topic:'));
    const all = await prompts.waiting(askingRegistry, (signal) => servers(session, signal));
    const names = new Map(all.map(({ id, name }) => [id, name]));
    await session.say(aboutServer(server, names));
  }
}

function aboutServer(server: ServerInfo, names: ReadonlyMap<string, string>): string {
  const links = server.peers.map((id) => names.get(id) ?? `${id.slice(0, 12)}…`);
  const facts = [
    ['address', server.address],
    ['id', server.id],
    ['topics', server.topics.join(', ') || 'any'],
    ['articles', String(server.articles)],
    ['members', String(server.members)],
    ['joined', server.joined ? 'yes' : 'no'],
    ['links to', links.join(', ') || 'nobody'],
    ['who may join', server.admission],
    ['who may link', server.peering],
  ] as const;
  return `${oneLine(server.name)}\n${facts.map(([what, is]) => `  ${what.padEnd(13)} ${oneLine(is)}\n`).join('')}`;
}
