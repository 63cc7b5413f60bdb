import type { RequestInfo } from '../../client/index.js';
import { moderationOf } from '../moderation-of.js';
import { showList } from '../render/list.js';
import { requestLine } from '../render/moderation-lines.js';
import { table } from '../render/table.js';
import { localTime } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

export const requestsVerb: Verb = (program, runner) => {
  program
    .command('requests')
    .description('list who asked to join a community and waits; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .addHelpText('after', examples('moot requests Hamlet', 'moot admit Hamlet ada'))
    .action(
      runner(async (session, _flags, server = '') => {
        session.doing = `cannot list who asks to join ${server}`;
        const moderation = await moderationOf(session, server);
        const requests = await moderation.requests({ signal: session.signal });
        await showList(session, requests, {
          line: requestLine,
          table: requestTable,
          none: `nobody waits to join ${moderation.name}`,
        });
      }),
    );
};

function requestTable(requests: readonly RequestInfo[], columns: number): string {
  return table<RequestInfo>(
    [
      { head: 'NAME', text: ({ name }) => name },
      { head: 'ASKED', text: ({ askedAtMs }) => localTime(askedAtMs) },
      { head: 'ID', text: ({ id }) => id },
    ],
    requests,
    columns,
  );
}
