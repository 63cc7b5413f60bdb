import type { Operator, PeerInfo, ServerInfo } from '../../client/index.js';
import { placeOf } from '../../core/address.js';
import { askedText } from '../asked-text.js';
import { toFailure } from '../failure.js';
import { operatorOf } from '../operator-of.js';
import type { Column } from '../render/table.js';
import { table } from '../render/table.js';
import type { Session } from '../session.js';
import { Back, Interrupted } from './leaving.js';
import { type List, pick } from './pick.js';
import type { Prompts } from './prompts.js';
import { type Entry, runMenu } from './run-menu.js';
import { askingRegistry, servers } from './server-lists.js';

interface Numbered extends ServerInfo {
  readonly number: number;
}

/** Ids by their numbers less one. A server keeps its number as long as the connector runs, whoever comes and goes. */
type Numbers = string[];

/** The menu of whoever links servers: all of them with today's links, and links made and taken away. */
export function runConnector(session: Session, prompts: Prompts): Promise<void> {
  const numbers: Numbers = [];
  const show: Entry = {
    name: 'Refresh',
    doing: 'cannot list the servers',
    work: () => showLinks(session, prompts, numbers),
  };
  return runMenu(session, prompts, 'What is to be linked?', show, [
    { name: 'Server A joins Server B', doing: 'cannot link', work: () => link(session, prompts, numbers) },
    { name: 'Remove a link', doing: 'cannot remove the link', work: () => unlink(session, prompts, numbers) },
    show,
  ]);
}

async function showLinks(session: Session, prompts: Prompts, numbers: Numbers): Promise<void> {
  const all = await prompts.waiting(askingRegistry, (signal) => numbered(session, numbers, signal));
  if (all.length === 0) await session.say('No server is registered yet.\n');
  else await session.say(table(columnsFor(all), all, session.columns));
}

async function link(session: Session, prompts: Prompts, numbers: Numbers): Promise<void> {
  const a = await pickNumbered(session, prompts, numbers, 'Server A, by number or name:');
  const b = await pickNumbered(session, prompts, numbers, `${a.name} joins which Server B?`);
  await verdict(session, prompts, a, `${a.name} joins ${b.name}`, async (signal) => {
    const peer = await (await operatorOf(session, a.id, signal)).connect(b.id, { signal });
    if (peer.state === 'waiting') return `ASKED: ${a.name} joins ${b.name}; it ${askedText(a.name, peer)}`;
    return `PASS: ${a.name} joins ${b.name}; what ${b.name} has is available on ${a.name}`;
  });
}

async function unlink(session: Session, prompts: Prompts, numbers: Numbers): Promise<void> {
  const a = await pickNumbered(session, prompts, numbers, 'Remove a link of which server?');
  const operator = await prompts.waiting(`looking for ${a.name}`, (signal) => operatorOf(session, a.id, signal));
  const peer = await pick(session, prompts, linksOf(operator));
  await verdict(session, prompts, a, `${a.name} leaves ${peer.name}`, async (signal) => {
    await operator.disconnect(peer.to, { signal });
    return `PASS: ${a.name} leaves ${peer.name}; ${a.name} no longer links to ${peer.name}`;
  });
}

function linksOf(operator: Operator): List<PeerInfo> {
  return {
    message: `Remove which link of ${operator.name}?`,
    doing: `asking ${operator.name}`,
    none: `${operator.name} links to nobody`,
    fetch: (signal) => operator.peers({ signal }),
    key: ({ to }) => to,
    columns: () => [
      { head: 'NAME', text: ({ name }) => name },
      { head: 'ADDRESS', text: ({ address }) => placeOf(address) },
      { head: 'STATE', text: ({ state }) => state },
    ],
  };
}

/** Says what `work` gives, which begins with PASS or ASKED; or FAIL with why. */
async function verdict(
  session: Session,
  prompts: Prompts,
  asked: Numbered,
  what: string,
  work: (signal: AbortSignal) => Promise<string>,
): Promise<void> {
  try {
    await session.say(`${await prompts.waiting(`asking ${asked.name}`, work)}\n`);
  } catch (error) {
    if (error instanceof Back || error instanceof Interrupted) throw error;
    const { text } = toFailure(error, what, session.settings.debug);
    await session.say(text.replace(/^moot: /, 'FAIL: '));
  }
}

function pickNumbered(session: Session, prompts: Prompts, numbers: Numbers, message: string): Promise<Numbered> {
  return pick(session, prompts, {
    message,
    doing: askingRegistry,
    none: `there is none: ${session.settings.registries.join(', ')} lists no server`,
    fetch: (signal) => numbered(session, numbers, signal),
    key: ({ id }) => id,
    columns: columnsFor,
  });
}

async function numbered(session: Session, numbers: Numbers, signal: AbortSignal): Promise<readonly Numbered[]> {
  const all = await servers(session, signal);
  for (const { id } of all) if (!numbers.includes(id)) numbers.push(id);
  return all
    .map((server) => ({ ...server, number: numbers.indexOf(server.id) + 1 }))
    .sort((a, b) => a.number - b.number);
}

function columnsFor(all: readonly Numbered[]): readonly Column<Numbered>[] {
  const nameOf = new Map(all.map(({ id, name }) => [id, name]));
  const linked = ({ peers }: Numbered): string => peers.map((id) => nameOf.get(id) ?? `${id.slice(0, 6)}…`).join(', ');
  return [
    { head: 'NO.', text: ({ number }) => String(number), right: true },
    { head: 'NAME', text: ({ name }) => name },
    { head: 'ADDRESS', text: ({ address }) => placeOf(address) },
    { head: 'LINKS TO', text: (server) => `→ ${linked(server) || 'nobody'}` },
  ];
}
