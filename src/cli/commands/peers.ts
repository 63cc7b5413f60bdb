import type { PeerInfo } from '../../client/index.js';
import { operatorOf } from '../operator-of.js';
import { peerLine } from '../render/json-lines.js';
import { table } from '../render/table.js';
import { localTime, roughly } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

export const peersVerb: Verb = (program, runner) => {
  program
    .command('peers')
    .description("list the communities that a community links to; needs its operator's token")
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .addHelpText('after', examples('moot peers Hamlet', 'moot peers Hamlet --json'))
    .action(
      runner(async (session, _flags, server = '') => {
        session.doing = `cannot list the peers of ${server}`;
        const operator = await operatorOf(session, server);
        const peers = await operator.peers({ signal: session.signal });
        for (const peer of peers) await session.give(peerLine(peer));
        if (peers.length > 0) await session.say(peerTable(peers, session.columns));
        else await session.note(`${operator.name} links to no other community\n`);
      }),
    );
};

function peerTable(peers: readonly PeerInfo[], columns: number): string {
  return table<PeerInfo>(
    [
      { head: 'NAME', text: ({ name }) => name },
      { head: 'ADDRESS', text: ({ address }) => address },
      { head: 'STATE', text: ({ state }) => state },
      { head: 'SINCE', text: ({ sinceMs }) => localTime(sinceMs) },
      { head: 'LAG', text: ({ lagMs }) => (lagMs === undefined ? '–' : roughly(lagMs)) },
      { head: 'LEVEL', text: ({ level }) => level },
      { head: 'REASON', text: ({ reason }) => reason ?? '–' },
      { head: 'ID', text: ({ to }) => `${to.slice(0, 12)}…` },
    ],
    peers,
    columns,
  );
}
