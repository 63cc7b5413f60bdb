import { operatorOf } from '../operator-of.js';
import { peerLine } from '../render/json-lines.js';
import { examples, type Verb } from '../verb.js';

export const disconnectVerb: Verb = (program, runner) => {
  program
    .command('disconnect')
    .description("take the link from community A to community B away; needs A's operator token")
    .argument('<a>', 'the community that links: a name, the start of an id, or HOST:PORT')
    .argument('<b>', 'the community that it links to')
    .addHelpText('after', examples('moot disconnect Hamlet Othello'))
    .action(
      runner(async (session, _flags, a = '', b = '') => {
        session.doing = `cannot disconnect ${a} from ${b}`;
        const operator = await operatorOf(session, a);
        const peer = await operator.disconnect(b, { signal: session.signal });
        await session.give(peerLine(peer));
        await session.say(`${operator.name} → ${peer.name}: no longer linked\n`);
      }),
    );
};
