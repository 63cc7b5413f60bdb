import { moderationOf } from '../moderation-of.js';
import { requestLine } from '../render/moderation-lines.js';
import { examples, type Verb } from '../verb.js';

export const refuseVerb: Verb = (program, runner) => {
  program
    .command('refuse')
    .description('do not let somebody in who asked to join; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<who>', 'the name that was asked for, or the id of the request')
    .option('--reason <text>', 'why, for who asked to read')
    .addHelpText('after', examples("moot refuse Hamlet ada --reason 'for neighbours only'"))
    .action(
      runner<{ readonly reason?: string }>(async (session, { reason }, server = '', who = '') => {
        session.doing = `cannot refuse ${who} in ${server}`;
        const moderation = await moderationOf(session, server);
        const request = await moderation.refuse(who, { reason, signal: session.signal });
        await session.give(requestLine(request));
        await session.say(`${request.name} is not let in to ${moderation.name}\n`);
      }),
    );
};
