import { parseName } from '../../core/name.js';
import type { Session } from '../session.js';
import { pick } from './pick.js';
import type { Prompts } from './prompts.js';
import { joinedServers, listedServers } from './server-lists.js';
import { wrongBy } from './wrong.js';

export async function joinServer(session: Session, prompts: Prompts): Promise<void> {
  const server = await pick(
    session,
    prompts,
    listedServers(session, 'Join which server?', ({ joined }) => !joined),
  );
  const as = await prompts.line('Your name there (blank: your login name)', (typed) =>
    typed === '' ? undefined : wrongBy(() => parseName(typed, 'your name')),
  );
  const moot = await session.moot();
  const { name, member = '' } = await moot.join(server.id, { as: as || undefined, signal: session.signal });
  await session.say(`joined ${name} as ${member}\n`);
}

export async function leaveServer(session: Session, prompts: Prompts): Promise<void> {
  const joined = await pick(session, prompts, joinedServers(session, 'Leave which server?'));
  await (await session.moot()).leave(joined.id, { signal: session.signal });
  await session.say(`left ${joined.name}, where you were ${joined.member}\n`);
}
