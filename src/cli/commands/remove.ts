import { moderationOf } from '../moderation-of.js';
import { parseDate } from '../parse/date.js';
import { memberLine } from '../render/json-lines.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly ban?: boolean;
  readonly reason?: string;
  readonly until?: string;
}

export const removeVerb: Verb = (program, runner) => {
  program
    .command('remove')
    .description('end the membership of somebody else, at once; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<member>', 'a name or an id')
    .option('--ban', 'nobody may join under that name again')
    .option('--until <date>', 'when the ban ends (default: with moot unban)')
    .option('--reason <text>', 'why, for the member to read')
    .addHelpText(
      'after',
      examples('moot remove Hamlet ada', 'moot remove Hamlet ada --ban --until 2027-01-01 --reason spam'),
    )
    .action(
      runner<Flags>(async (session, { ban = false, reason, until }, server = '', who = '') => {
        if (until !== undefined && !ban) throw usage('--until', 'only a ban has an end', 'add --ban');
        const untilMs = until === undefined ? undefined : parseDate('--until', until);
        session.doing = `cannot remove ${who} from ${server}`;
        const moderation = await moderationOf(session, server);
        const member = await moderation.remove(who, { reason, ban, untilMs, signal: session.signal });
        await session.give(memberLine(member));
        const banned = ban ? ', and the name is banned' : '';
        await session.say(`${member.name} is no member of ${moderation.name} any longer${banned}\n`);
      }),
    );
};
