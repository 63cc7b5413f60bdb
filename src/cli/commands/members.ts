import type { MemberInfo } from '../../client/index.js';
import { memberLine } from '../render/json-lines.js';
import { showList } from '../render/list.js';
import { table } from '../render/table.js';
import { localTime } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

export const membersVerb: Verb = (program, runner) => {
  program
    .command('members')
    .description('list the members of a community that you are a member of')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .addHelpText('after', examples('moot members Hamlet', 'moot members Hamlet --json'))
    .action(
      runner(async (session, _flags, server = '') => {
        session.doing = `cannot list the members of ${server}`;
        const { signal } = session;
        const community = await (await session.moot()).community(server, { signal });
        const none = `${community.name} has no members`;
        await showList(session, community.members({ signal }), { line: memberLine, table: memberTable, none });
      }),
    );
};

function memberTable(members: readonly MemberInfo[], columns: number): string {
  return table<MemberInfo>(
    [
      { head: 'NAME', text: ({ name }) => name },
      { head: 'ROLE', text: ({ role }) => role },
      { head: 'JOINED', text: ({ joinedAtMs }) => localTime(joinedAtMs) },
      { head: 'ID', text: ({ id }) => id },
    ],
    members,
    columns,
  );
}
