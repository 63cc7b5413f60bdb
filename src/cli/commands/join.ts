import type { Community } from '../../client/index.js';
import { codeOf, isMootError, MootError } from '../../core/errors.js';
import { parseName } from '../../core/name.js';
import { exit } from '../failure.js';
import { typed } from '../parse/refused.js';
import type { Session } from '../session.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly as?: string;
  readonly invite?: string;
}

export const joinVerb: Verb = (program, runner) => {
  program
    .command('join')
    .description('become a member of a community')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .option('--as <name>', 'your name there (default: your login name)')
    .option('--invite <code>', 'the invitation, where the community asks for one')
    .addHelpText(
      'after',
      examples('moot join Server50052', 'moot join localhost:50052 --as ada', 'moot join Hamlet --invite CODE') +
        '\nWhere members are admitted by approval it asks to be let in, and the exit status is 75 until somebody says yes.\n',
    )
    .action(
      runner<Flags>(async (session, { as, invite }, server = '') => {
        if (as !== undefined) typed('--as', () => parseName(as, '--as'));
        session.doing = `cannot join ${server}`;
        const { id, name, member = '', isWaiting } = await joined(session, server, { as, invite });
        await session.give({ id, name, member, ...(isWaiting && { waiting: true }) });
        if (!isWaiting) return await session.say(`joined ${name} as ${member}\n`);
        session.status = exit.later;
        await session.say(`asked to join ${name} as ${member}; waits for approval\n`);
        await session.note('try: the same again later, or moot servers\n');
      }),
    );
};

interface As {
  readonly as: string | undefined;
  readonly invite: string | undefined;
}

async function joined(session: Session, server: string, options: As): Promise<Community> {
  try {
    return await (await session.moot()).join(server, { ...options, signal: session.signal });
  } catch (cause) {
    if (!isMootError(cause) || codeOf(cause) !== 'already_exists' || cause.hint !== undefined) throw cause;
    throw new MootError('already_exists', cause.message, { cause, hint: 'another name: --as NAME' });
  }
}
