import { operatorOf } from '../operator-of.js';
import { parseDate } from '../parse/date.js';
import { peerLine } from '../render/json-lines.js';
import { localTime } from '../render/time.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly silence?: boolean;
  readonly reason?: string;
  readonly until?: string;
  readonly import?: string;
}

export const denyVerb: Verb = (program, runner) => {
  program
    .command('deny')
    .description("refuse community B's link to community A, and end what it has open; needs A's operator token")
    .argument('<a>', 'the community that refuses: a name, the start of an id, or HOST:PORT')
    .argument('[b]', 'the community that is refused; a whole id need not be known anywhere')
    .option('--silence', 'it may still ask, and gets no feed')
    .option('--reason <text>', 'why: both operators see it (required)')
    .option('--until <date>', 'when it ends, as in 2026-12-31 (default: never)')
    .option('--import <file>', 'refuse all that a file names, as moot denied --export writes it')
    .addHelpText(
      'after',
      examples(
        "moot deny Othello Hamlet --reason 'spam in every topic' --until 2026-12-31",
        "moot deny Othello Hamlet --silence --reason 'too much at once'",
        'moot deny Othello --import denied.ndjson',
      ),
    )
    .action(
      runner<Flags>(async (session, { silence = false, reason = '', until, import: file }, a = '', b) => {
        if (file !== undefined) return await denyAll(session, a, b, file);
        if (b === undefined)
          throw usage('b', 'no community to refuse is named', 'moot deny A B, or moot deny A --import FILE');
        if (reason.trim() === '')
          throw usage('--reason', '--reason is required: both operators see it', "--reason 'spam in every topic'");
        const untilMs = until === undefined ? undefined : parseDate('--until', until);
        session.doing = `cannot deny ${b} at ${a}`;
        const operator = await operatorOf(session, a);
        const caller = await operator.deny(b, { silence, reason, untilMs, signal: session.signal });
        await session.give(peerLine(caller));
        const what = silence ? 'gets no feed from' : 'is denied by';
        const end = untilMs === undefined ? '' : ` until ${localTime(untilMs)}`;
        await session.say(`${caller.name || caller.from} ${what} ${operator.name}${end}: ${reason}\n`);
      }),
    );
};

async function denyAll(session: Session, a: string, b: string | undefined, file: string): Promise<void> {
  if (b !== undefined)
    throw usage('--import', 'the file names whom to refuse, so no other is named', `moot deny ${a} --import ${file}`);
  session.doing = `cannot deny at ${a}`;
  const { importDenied } = await import('../denied/import-denied.js');
  await importDenied(session, await operatorOf(session, a), file);
}
