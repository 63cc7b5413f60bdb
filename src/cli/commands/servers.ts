import type { ServerInfo } from '../../client/index.js';
import { placeOf } from '../../core/address.js';
import { serverLine } from '../render/json-lines.js';
import { type Column, table } from '../render/table.js';
import type { Session } from '../session.js';
import { examples, type Verb } from '../verb.js';

export const serversVerb: Verb = (program, runner) => {
  program
    .command('servers')
    .description('list the communities that are registered')
    .addHelpText('after', examples('moot servers', 'moot servers --json'))
    .action(
      runner(async (session) => {
        session.doing = 'cannot list the servers';
        const { signal } = session;
        const servers = await (await session.moot()).servers({}, { signal });
        for (const server of servers) await session.give(serverLine(server));
        if (servers.length === 0) await none(session);
        else await session.say(table(columnsFor(servers), servers, session.columns));
      }),
    );
};

/** The first, and how many replicas answer besides it. */
function addressText({ address, addresses = [] }: ServerInfo): string {
  return `${placeOf(address)}${addresses.length > 1 ? ` +${addresses.length - 1}` : ''}`;
}

function columnsFor(servers: readonly ServerInfo[]): readonly Column<ServerInfo>[] {
  const nameOf = new Map(servers.map(({ id, name }) => [id, name]));
  return [
    { head: 'NAME', text: ({ name }) => name },
    { head: 'ADDRESS', text: addressText },
    { head: 'JOINED', text: ({ joined, waiting }) => (joined ? 'yes' : waiting ? 'asked' : 'no') },
    { head: 'ARTICLES', text: ({ articles }) => String(articles), right: true },
    { head: 'MEMBERS', text: ({ members }) => String(members), right: true },
    { head: 'TOPICS', text: ({ topics }) => (topics.length > 0 ? topics.join(', ') : 'any') },
    { head: 'PEERS', text: ({ peers }) => peers.map((id) => nameOf.get(id) ?? `${id.slice(0, 6)}…`).join(', ') || '–' },
    { head: 'ID', text: ({ id }) => `${id.slice(0, 12)}…` },
  ];
}

async function none(session: Session): Promise<void> {
  await session.note(
    `no community is registered at ${session.settings.registries.join(', ')}\ntry: moot server 50052\n`,
  );
}
