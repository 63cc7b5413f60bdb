import { parseName } from '../../core/name.js';
import { parseTopic } from '../../core/topic.js';
import { typed } from '../parse/refused.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly as?: string;
}

export const chatVerb: Verb = (program, runner) => {
  program
    .command('chat')
    .description('talk about a topic: every line that is typed goes out, and what others say appears above it')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<topic>', 'dotted words, as in sports.chess')
    .option('--as <name>', 'your name there; you join under it if need be (default: as what you have joined)')
    .addHelpText('after', examples('moot chat Server50052 sports.chess', 'moot chat localhost:50052 lobby --as ada'))
    .action(
      runner<Flags>(async (session, { as }, server = '', topic = '') => {
        typed('TOPIC', () => parseTopic(topic, 'TOPIC'));
        if (as !== undefined) typed('--as', () => parseName(as, '--as'));
        session.doing = `cannot chat in ${server}`;
        const { signal } = session;
        const [{ runChat }, { memberAs }] = await Promise.all([
          import('../live/chat.js'),
          import('../live/member-as.js'),
        ]);
        const community =
          as === undefined
            ? await (await session.moot()).community(server, { signal })
            : (await memberAs(session, server, as)).community;
        await runChat(session, community, topic);
      }),
    );
};
