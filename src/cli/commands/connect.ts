import type { PeerInfo } from '../../client/index.js';
import { askedText } from '../asked-text.js';
import { operatorOf } from '../operator-of.js';
import { peerLine } from '../render/json-lines.js';
import { examples, type Verb } from '../verb.js';
import { waitForMirror } from '../wait-for-mirror.js';

export const connectVerb: Verb = (program, runner) => {
  program
    .command('connect')
    .description(
      "link community A to community B: B's articles are available on A; needs A's operator token, and B's consent",
    )
    .argument('<a>', 'the community that links: a name, the start of an id, or HOST:PORT')
    .argument('<b>', 'the community that it links to')
    .option('--wait', "until A keeps what B's own log has; shows how far that is")
    .addHelpText('after', examples('moot connect Hamlet Othello', 'moot connect Hamlet Othello --wait'))
    .action(
      runner<{ readonly wait?: boolean }>(async (session, { wait = false }, a = '', b = '') => {
        session.doing = `cannot connect ${a} to ${b}`;
        const operator = await operatorOf(session, a);
        const made = await operator.connect(b, { signal: session.signal });
        const peer = wait ? await waitForMirror(session, operator, made) : made;
        await session.give(peerLine(peer));
        await session.say(`${operator.name} → ${peer.name}: ${outcomeOf(operator.name, peer)}\n`);
      }),
    );
};

function outcomeOf(name: string, peer: PeerInfo): string {
  return peer.state === 'waiting' ? `asked; ${askedText(name, peer)}` : `linked; its articles are available on ${name}`;
}
