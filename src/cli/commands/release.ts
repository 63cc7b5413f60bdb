import { moderationOf } from '../moderation-of.js';
import { publishedLine } from '../render/json-lines.js';
import { heldLine } from '../render/moderation-lines.js';
import { examples, type Verb } from '../verb.js';

const exampleId = '01a1fdac-e96e-71d9-b0ac-472c650c598e';

export const releaseVerb: Verb = (program, runner) => {
  program
    .command('release')
    .description('publish an article that waits for approval; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<id>', 'its id, as moot held shows it')
    .addHelpText('after', examples(`moot release Hamlet ${exampleId}`))
    .action(
      runner(async (session, _flags, server = '', id = '') => {
        session.doing = `cannot release in ${server}`;
        const moderation = await moderationOf(session, server);
        const published = await moderation.release(id, { signal: session.signal });
        await session.give(publishedLine(published));
        await session.say(`published: ${published.id} in ${moderation.name}\n`);
      }),
    );
};

export const refuseArticleVerb: Verb = (program, runner) => {
  program
    .command('refuse-article')
    .description('refuse an article that waits for approval; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<id>', 'its id, as moot held shows it')
    .option('--reason <text>', 'why, for its author to read')
    .addHelpText('after', examples(`moot refuse-article Hamlet ${exampleId} --reason advertising`))
    .action(
      runner<{ readonly reason?: string }>(async (session, { reason }, server = '', id = '') => {
        session.doing = `cannot refuse an article in ${server}`;
        const moderation = await moderationOf(session, server);
        const refused = await moderation.refuseArticle(id, { reason, signal: session.signal });
        await session.give(heldLine(refused));
        await session.say(`refused: ${refused.member.memberName}'s article ${id} in ${moderation.name}\n`);
      }),
    );
};
