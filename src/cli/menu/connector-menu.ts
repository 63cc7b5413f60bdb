import type { Operator, PeerInfo, ServerInfo } from '../../client/index.js';
import { toFailure } from '../failure.js';
import { operatorOf } from '../operator-of.js';
import type { Column } from '../render/table.js';
import { table } from '../render/table.js';
import type { Session } from '../session.js';
import { Interrupted } from './leaving.js';
import { pick } from './pick.js';
import type { Prompts } from './prompts.js';
import { runMenu } from './run-menu.js';
import { servers } from './server-lists.js';

interface Numbered extends ServerInfo {
  readonly number: number;
}

/** The menu of whoever links servers: all of them with today's links, and links made and taken away. */
export function runConnector(session: Session, prompts: Prompts): Promise<void> {
  const show = { name: 'Refresh', doing: 'cannot list the servers', work: showLinks };
  return runMenu(session, prompts, 'What is to be linked?', show, [
    { name: 'Server A joins Server B', doing: 'cannot link', work: link },
    { name: 'Remove a link', doing: 'cannot remove the link', work: unlink },
    show,
  ]);
}

async function showLinks(session: Session): Promise<void> {
  const all = await numbered(session);
  if (all.length === 0) await session.say('No server is registered yet.\n');
  else await session.say(table(columnsFor(all), all, session.columns));
}

async function link(session: Session, prompts: Prompts): Promise<void> {
  const a = await pickNumbered(session, prompts, 'Server A, by number or name:');
  const b = await pickNumbered(session, prompts, `${a.name} joins which Server B?`);
  await verdict(session, `${a.name} joins ${b.name}`, async () => {
    await (await operatorOf(session, a.id)).connect(b.id, { signal: session.signal });
    return `what ${b.name} has is available on ${a.name}`;
  });
}

async function unlink(session: Session, prompts: Prompts): Promise<void> {
  const a = await pickNumbered(session, prompts, 'Remove a link of which server?');
  const operator = await operatorOf(session, a.id);
  const peer = await pick(session, prompts, linksOf(session, operator));
  await verdict(session, `${a.name} leaves ${peer.name}`, async () => {
    await operator.disconnect(peer.to, { signal: session.signal });
    return `${a.name} no longer links to ${peer.name}`;
  });
}

function linksOf(session: Session, operator: Operator): Parameters<typeof pick<PeerInfo>>[2] {
  return {
    message: `Remove which link of ${operator.name}?`,
    none: `${operator.name} links to nobody`,
    fetch: () => operator.peers({ signal: session.signal }),
    columns: () => [
      { head: 'NAME', text: ({ name }) => name },
      { head: 'ADDRESS', text: ({ address }) => address },
      { head: 'STATE', text: ({ state }) => state },
    ],
  };
}

/** Says PASS with what `work` gives, or FAIL with why. */
async function verdict(session: Session, what: string, work: () => Promise<string>): Promise<void> {
  try {
    await session.say(`PASS: ${what}; ${await work()}\n`);
  } catch (error) {
    if (session.signal.aborted) throw new Interrupted();
    const { text } = toFailure(error, what, session.settings.debug);
    await session.say(text.replace(/^moot: /, 'FAIL: '));
  }
}

function pickNumbered(session: Session, prompts: Prompts, message: string): Promise<Numbered> {
  const none = `there is none: ${session.settings.registries.join(', ')} lists no server`;
  return pick(session, prompts, { message, none, fetch: () => numbered(session), columns: columnsFor });
}

async function numbered(session: Session): Promise<readonly Numbered[]> {
  return (await servers(session)).map((server, at) => ({ ...server, number: at + 1 }));
}

function columnsFor(all: readonly Numbered[]): readonly Column<Numbered>[] {
  const nameOf = new Map(all.map(({ id, name }) => [id, name]));
  const linked = ({ peers }: Numbered): string => peers.map((id) => nameOf.get(id) ?? `${id.slice(0, 6)}…`).join(', ');
  return [
    { head: 'NO.', text: ({ number }) => String(number), right: true },
    { head: 'NAME', text: ({ name }) => name },
    { head: 'ADDRESS', text: ({ address }) => address },
    { head: 'LINKS TO', text: (server) => `→ ${linked(server) || 'nobody'}` },
  ];
}
