import { copying } from '../copying.js';
import { readableFolder } from '../doctor/readable-folder.js';
import { backupJson, backupText } from '../render/backup-told.js';
import { oneLine } from '../render/plain.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly data?: string;
  readonly store?: string;
  readonly identity?: string;
}

export const backupVerb: Verb = (program, runner) => {
  program
    .command('backup')
    .description(
      'copy a community whole, whether its server runs or not: articles, members, its key, its operator token',
    )
    .argument('<folder>', 'where the copy goes; it is made, and what is there is not overwritten')
    .option('--data <folder>', 'the data folder of the community')
    .option('--store <store>', 'as its server has it: sqlite:FILE')
    .option('--identity <file>', 'as its server has it')
    .addHelpText(
      'after',
      `\nWhat was acknowledged before it began is in it. The copy is checked before it has its name.\nIt holds the key: whoever can read it can speak for the community, so it is for its owner alone (0600).\nA community on PostgreSQL is copied by pg_dump, with identity.pem beside it.\n${examples('moot backup --data .moot/Hamlet hamlet-monday', 'moot backup --data .moot/Hamlet hamlet-tuesday --json')}`,
    )
    .action(
      runner<Flags>(async (session, { data, store, identity }, folder = '') => {
        if (data === undefined)
          throw usage('--data', '--data is needed: the data folder', `moot backup --data .moot/NAME ${folder}`);
        session.doing = `cannot back up ${data}`;
        if (store?.startsWith('postgres'))
          throw usage('--store', 'PostgreSQL makes its own copies', 'pg_dump, and identity.pem beside it');
        await readableFolder(data);
        const { backUp } = await import('../../app/backup.js');
        const places = { dir: data, store, identityFile: identity, to: folder };
        const facts = await copying(session, (onProgress) => backUp(places, onProgress));
        await session.give({ ...backupJson(facts), folder });
        await session.say(`backed up to ${oneLine(folder)}: ${backupText(facts)}\n`);
        await session.note('it holds the key of the community: keep it where nobody else can read it\n');
      }),
    );
};
