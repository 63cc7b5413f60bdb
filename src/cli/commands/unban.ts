import { moderationOf } from '../moderation-of.js';
import { banLine } from '../render/moderation-lines.js';
import { examples, type Verb } from '../verb.js';

export const unbanVerb: Verb = (program, runner) => {
  program
    .command('unban')
    .description('end a ban; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<name>', 'the name that is banned, or the id of the member who had it')
    .addHelpText('after', examples('moot unban Hamlet ada'))
    .action(
      runner(async (session, _flags, server = '', banned = '') => {
        session.doing = `cannot unban ${banned} in ${server}`;
        const moderation = await moderationOf(session, server);
        const ban = await moderation.unban(banned, { signal: session.signal });
        await session.give(banLine(ban));
        await session.say(`${ban.name} is not banned from ${moderation.name} any longer\n`);
      }),
    );
};
