import { operatorOf } from '../operator-of.js';
import { peerLine } from '../render/json-lines.js';
import { examples, type Verb } from '../verb.js';

export const approveVerb: Verb = (program, runner) => {
  program
    .command('approve')
    .description("let community B link to community A; needs A's operator token")
    .argument('<a>', 'the community that says yes: a name, the start of an id, or HOST:PORT')
    .argument('<b>', 'the community that may link to it')
    .addHelpText('after', examples('moot approve Othello Hamlet'))
    .action(
      runner(async (session, _flags, a = '', b = '') => {
        session.doing = `cannot approve ${b} at ${a}`;
        const operator = await operatorOf(session, a);
        const caller = await operator.approve(b, { signal: session.signal });
        await session.give(peerLine(caller));
        await session.say(`${caller.name || caller.from} may link to ${operator.name}\n`);
      }),
    );
};
