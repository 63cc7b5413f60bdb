import { copying } from '../copying.js';
import { readableFolder } from '../doctor/readable-folder.js';
import { backupJson, backupText } from '../render/backup-told.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly store?: string;
  readonly identity?: string;
}

export const restoreVerb: Verb = (program, runner) => {
  program
    .command('restore')
    .description('put a backup into an empty data folder; or say of a store that it was put back by other means')
    .argument('<backup>', 'the folder that moot backup has made; with --store: the data folder')
    .argument('[data]', 'the data folder: one that is not there, or is empty')
    .option('--store <store>', 'instead of a backup: the store that was put back by other means, as its server has it')
    .option('--identity <file>', 'with --store: as its server has it')
    .addHelpText(
      'after',
      `\nThe server that is started on it takes back from its peers what they have of its newer articles, and goes on in a new\nepoch: no place of its log is ever given to two texts. After pg_restore, or when the disk itself was put back, say so\nbefore the next start: moot restore FOLDER --store postgres://…\n${examples('moot restore hamlet-monday hamlet-again', 'moot restore hamlet-again --store sqlite:hamlet-again/moot.db')}`,
    )
    .action(
      runner<Flags>(async (session, { store, identity }, backup = '', data?: string) => {
        if (store !== undefined && data === undefined)
          return await mark(session, { dir: backup, store, identityFile: identity });
        if (store !== undefined) throw usage('--store', 'there is either a backup to put back or a --store that was');
        if (data === undefined)
          throw usage('data', 'where to is needed: a data folder', `moot restore ${backup} .moot/NAME`);
        if (identity !== undefined) throw usage('--identity', '--identity goes with --store');
        session.doing = `cannot restore ${backup}`;
        const { restore } = await import('../../app/restore.js');
        const facts = await copying(session, (onProgress) => restore(backup, data, onProgress));
        await session.give({ ...backupJson(facts), folder: data });
        await session.say(`restored to ${oneLine(data)}: ${backupText(facts)}\n`);
        await session.note(`its next start opens a new epoch: moot server PORT --data ${oneLine(data)}\n`);
      }),
    );
};

interface Marked {
  readonly dir: string;
  readonly store: string | undefined;
  readonly identityFile: string | undefined;
}

async function mark(session: Session, places: Marked): Promise<void> {
  session.doing = `cannot mark what ${places.dir} belongs to`;
  await readableFolder(places.dir);
  const { markAsRestored } = await import('../../app/restore.js');
  const { id } = await markAsRestored(places);
  await session.give({ id, folder: places.dir });
  await session.say(`${id.slice(0, 12)}… was put back: its next start opens a new epoch\n`);
}
