import { moderationOf } from '../moderation-of.js';
import { memberLine } from '../render/json-lines.js';
import { examples, type Verb } from '../verb.js';

export const admitVerb: Verb = (program, runner) => {
  program
    .command('admit')
    .description('let somebody in who asked to join; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<who>', 'the name that was asked for, or the id of the request')
    .addHelpText('after', examples('moot admit Hamlet ada'))
    .action(
      runner(async (session, _flags, server = '', who = '') => {
        session.doing = `cannot admit ${who} to ${server}`;
        const moderation = await moderationOf(session, server);
        const member = await moderation.admit(who, { signal: session.signal });
        await session.give(memberLine(member));
        await session.say(`${member.name} is a member of ${moderation.name}\n`);
      }),
    );
};
