import { examples, type Verb } from '../verb.js';

export const leaveVerb: Verb = (program, runner) => {
  program
    .command('leave')
    .description('end your membership of a community')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .addHelpText('after', examples('moot leave Server50052'))
    .action(
      runner(async (session, _flags, server = '') => {
        session.doing = `cannot leave ${server}`;
        const { signal } = session;
        const { id, name, member = '', isWaiting } = await (await session.moot()).leave(server, { signal });
        await session.give({ id, name, member });
        const left = isWaiting
          ? `${name} is no longer asked to let in ${member}`
          : `left ${name}, where you were ${member}`;
        await session.say(`${left}\n`);
      }),
    );
};
