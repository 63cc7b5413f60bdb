import { writeFile } from 'node:fs/promises';
import type { Denied } from '../../client/index.js';
import { operatorOf } from '../operator-of.js';
import { deniedLine } from '../render/denied-line.js';
import { jsonLine } from '../render/json-lines.js';
import { showList } from '../render/list.js';
import { table } from '../render/table.js';
import { localTime } from '../render/time.js';
import { systemReason } from '../system-reason.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

export const deniedVerb: Verb = (program, runner) => {
  program
    .command('denied')
    .description("list the communities that a community denies or silences; needs its operator's token")
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .option('--export <file>', 'write them to a file, a JSON line each, for moot deny --import')
    .addHelpText('after', examples('moot denied Hamlet', 'moot denied Hamlet --export denied.ndjson'))
    .action(
      runner<{ readonly export?: string }>(async (session, { export: file }, server = '') => {
        session.doing = `cannot list whom ${server} denies`;
        const operator = await operatorOf(session, server);
        const denied = await operator.denied({ signal: session.signal });
        if (file === undefined) {
          const none = `${operator.name} denies nobody`;
          return await showList(session, denied, { line: deniedLine, table: deniedTable, none });
        }
        await writeFile(file, denied.map((one) => jsonLine(deniedLine(one))).join('')).catch((cause: unknown) => {
          throw usage('--export', `${file} cannot be written: ${systemReason(cause)}`, undefined, cause);
        });
        await session.give({ exported: denied.length });
        await session.say(`${denied.length} exported to ${file}\n`);
      }),
    );
};

function deniedTable(denied: readonly Denied[], columns: number): string {
  return table<Denied>(
    [
      { head: 'NAME', text: ({ name }) => name || '–' },
      { head: 'LEVEL', text: ({ level }) => level },
      { head: 'UNTIL', text: ({ untilMs }) => (untilMs === undefined ? '–' : localTime(untilMs)) },
      { head: 'REASON', text: ({ reason }) => reason },
      { head: 'ID', text: ({ id }) => id },
    ],
    denied,
    columns,
  );
}
