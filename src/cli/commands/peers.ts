import type { PeerInfo } from '../../client/index.js';
import { placeOf } from '../../core/address.js';
import { operatorOf } from '../operator-of.js';
import { peerLine } from '../render/json-lines.js';
import { showList } from '../render/list.js';
import { table } from '../render/table.js';
import { localTime, roughly } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

export const peersVerb: Verb = (program, runner) => {
  program
    .command('peers')
    .description(
      "list the communities that a community links to (→), and those that link to it or would (←); needs its operator's token",
    )
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .addHelpText('after', examples('moot peers Hamlet', 'moot peers Hamlet --json'))
    .action(
      runner(async (session, _flags, server = '') => {
        session.doing = `cannot list the peers of ${server}`;
        const operator = await operatorOf(session, server);
        const { signal } = session;
        const peers = [...(await operator.peers({ signal })), ...(await operator.callers({ signal }))];
        await showList(session, peers, {
          line: peerLine,
          table: (shown, columns) => peerTable(operator.id, shown, columns),
          none: `${operator.name} links to no other community, and none links to it`,
        });
      }),
    );
};

function peerTable(self: string, peers: readonly PeerInfo[], columns: number): string {
  return table<PeerInfo>(
    [
      { head: 'LINK', text: ({ from }) => (from === self ? '→' : '←') },
      { head: 'NAME', text: ({ name }) => name || '–' },
      { head: 'ADDRESS', text: ({ address }) => (address === '' ? '–' : placeOf(address)) },
      { head: 'STATE', text: ({ state }) => state },
      { head: 'SINCE', text: ({ sinceMs }) => localTime(sinceMs) },
      { head: 'LAG', text: ({ lagMs }) => (lagMs === undefined ? '–' : roughly(lagMs)) },
      { head: 'LEVEL', text: ({ level }) => level ?? '–' },
      { head: 'UNTIL', text: ({ untilMs }) => (untilMs === undefined ? '–' : localTime(untilMs)) },
      { head: 'REASON', text: ({ reason }) => reason ?? '–' },
      { head: 'ID', text: ({ from, to }) => `${(from === self ? to : from).slice(0, 12)}…` },
    ],
    peers,
    columns,
  );
}
