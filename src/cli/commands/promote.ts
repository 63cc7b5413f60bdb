import type { Role } from '../../core/moderation.js';
import { moderationOf } from '../moderation-of.js';
import { memberLine } from '../render/json-lines.js';
import { examples, type Verb } from '../verb.js';

export const promoteVerb = roleVerb('promote', 'moderator', 'make a member a moderator; for the operator');
export const demoteVerb = roleVerb('demote', 'member', 'make a moderator a member as all others; for the operator');

function roleVerb(command: string, role: Role, description: string): Verb {
  return (program, runner) => {
    program
      .command(command)
      .description(description)
      .argument('<server>', 'a name, the start of an id, or HOST:PORT')
      .argument('<member>', 'a name or an id')
      .addHelpText('after', examples(`moot ${command} Hamlet ada`))
      .action(
        runner(async (session, _flags, server = '', who = '') => {
          session.doing = `cannot ${command} ${who} in ${server}`;
          const moderation = await moderationOf(session, server);
          const member = await moderation.setRole(who, role, { signal: session.signal });
          await session.give(memberLine(member));
          await session.say(`${member.name} is a ${role} of ${moderation.name}\n`);
        }),
      );
  };
}
