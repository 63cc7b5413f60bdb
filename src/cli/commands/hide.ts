import { fromId } from '../../core/ids.js';
import { moderationOf } from '../moderation-of.js';
import { typed } from '../parse/refused.js';
import { hiddenLine } from '../render/moderation-lines.js';
import { examples, type Verb } from '../verb.js';

const exampleId = 'eu4kl57qg80bo632vv3g0q22ihiloj51vmc6nhjqnj8156k92p2g';

export const hideVerb: Verb = (program, runner) => {
  program
    .command('hide')
    .description('do not show an article of another community here any more; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<id>', 'the id of the article, all 52 characters')
    .option('--reason <text>', 'why, for the log')
    .addHelpText('after', examples(`moot hide Hamlet ${exampleId} --reason spam`))
    .action(
      runner<{ readonly reason?: string }>(async (session, { reason }, server = '', id = '') => {
        typed('ID', () => fromId(id, 'ID'));
        session.doing = `cannot hide in ${server}`;
        const moderation = await moderationOf(session, server);
        await session.give(hiddenLine(await moderation.hide(id, { reason, signal: session.signal })));
        await session.say(`hidden: ${id} in ${moderation.name}\n`);
      }),
    );
};

export const unhideVerb: Verb = (program, runner) => {
  program
    .command('unhide')
    .description('show again what is hidden; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<id>', 'the id of the article, all 52 characters')
    .addHelpText('after', examples(`moot unhide Hamlet ${exampleId}`))
    .action(
      runner(async (session, _flags, server = '', id = '') => {
        typed('ID', () => fromId(id, 'ID'));
        session.doing = `cannot unhide in ${server}`;
        const moderation = await moderationOf(session, server);
        await session.give(hiddenLine(await moderation.unhide(id, { signal: session.signal })));
        await session.say(`shown again: ${id} in ${moderation.name}\n`);
      }),
    );
};
