import { isMootError, type MootError } from '../../core/errors.js';
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
  for (;;) {
    const as = await prompts.line('Your name there (blank: your login name)', (typed) =>
      typed === '' ? undefined : wrongBy(() => parseName(typed, 'your name')),
    );
    const invite = server.admission === 'invite' ? await prompts.line('Your invitation', required) : undefined;
    try {
      const {
        name,
        member = '',
        isWaiting,
      } = await prompts.waiting(`asking ${server.name}`, async (signal) =>
        (await session.moot()).join(server.id, { as: as || undefined, invite, signal }),
      );
      const done = isWaiting ? `asked to join ${name} as ${member}; waits for approval` : `joined ${name} as ${member}`;
      return await session.say(`${done}\n`);
    } catch (error) {
      if (!isMended(error)) throw error;
      const next = error.field === 'invite' ? (error.hint ?? 'give another one') : 'choose another one';
      await session.complain(`${error.message}; ${next}\n`);
    }
  }
}

/** Another name, or another invitation, may do. */
function isMended(error: unknown): error is MootError {
  if (!isMootError(error)) return false;
  return (error.code === 'already_exists' && error.field === 'name') || error.field === 'invite';
}

function required(typed: string): string | undefined {
  return typed === '' ? 'it is needed here' : undefined;
}

export async function leaveServer(session: Session, prompts: Prompts): Promise<void> {
  const { id, name, member } = await pick(session, prompts, joinedServers(session, 'Leave which server?'));
  await prompts.waiting(`asking ${name}`, async (signal) => (await session.moot()).leave(id, { signal }));
  await session.say(`left ${name}, where you were ${member}\n`);
}
