import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MootError } from '../../core/errors.js';
import { copying } from '../copying.js';
import { readableFolder } from '../doctor/readable-folder.js';
import { moderationOf } from '../moderation-of.js';
import { backupJson, backupText } from '../render/backup-told.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly store?: string;
  readonly identity?: string;
}

interface Places {
  readonly dir: string;
  readonly store: string | undefined;
  readonly identityFile: string | undefined;
}

export const backupVerb: Verb = (program, runner) => {
  program
    .command('backup')
    .description(
      'copy a community whole, whether its server runs or not: articles, members, its key, its operator token',
    )
    .argument('<server>', 'a server that runs on this machine; or a data folder, as ./Hamlet')
    .argument('<folder>', 'where the copy goes; it is made, and what is there is not overwritten')
    .option('--store <store>', 'with a data folder: as its server has it, sqlite:FILE')
    .option('--identity <file>', 'with a data folder: as its server has it')
    .addHelpText(
      'after',
      `\nWhat was acknowledged before it began is in it. The copy is checked before it has its name.\nIt holds the key: whoever can read it can speak for the community, so it is for its owner alone (0600).\nA community on PostgreSQL is copied by pg_dump, with identity.pem beside it.\n${examples('moot backup Hamlet hamlet-monday', 'moot backup .moot/Hamlet hamlet-tuesday --json')}`,
    )
    .action(
      runner<Flags>(async (session, flags, server = '', folder = '') => {
        session.doing = `cannot back up ${server}`;
        const places = isFolder(server) ? inFolder(server, flags) : await ofServer(session, server, flags);
        if (places.store?.startsWith('postgres')) throw ownCopies();
        await readableFolder(places.dir);
        const { backUp } = await import('../../app/backup.js');
        const facts = await copying(session, (onProgress) => backUp({ ...places, to: folder }, onProgress));
        await session.give({ ...backupJson(facts), folder });
        await session.say(`backed up to ${oneLine(folder)}: ${backupText(facts)}\n`);
        await session.note('it holds the key of the community: keep it where nobody else can read it\n');
      }),
    );
};

/** No name of a server has a slash in it. */
function isFolder(server: string): boolean {
  return /[\\/]/.test(server) || existsSync(join(server, 'operator.token'));
}

function inFolder(dir: string, { store, identity }: Flags): Places {
  return { dir, store, identityFile: identity };
}

/** Where a server that runs keeps what is to be copied, as it says itself. */
async function ofServer(session: Session, server: string, flags: Flags): Promise<Places> {
  for (const flag of ['store', 'identity'] as const)
    if (flags[flag] !== undefined)
      throw usage(`--${flag}`, `--${flag} goes with a data folder; a server knows its own`);
  const moderation = await moderationOf(session, server);
  const { dataFolder, databaseFile, identityFile } = await moderation.settings();
  if (databaseFile === undefined) throw ownCopies();
  if (!existsSync(databaseFile))
    throw new MootError('not_found', `its data is in ${dataFolder}, which is not on this machine`, {
      field: 'server',
      hint: 'run it there',
    });
  return { dir: dataFolder, store: `sqlite:${databaseFile}`, identityFile };
}

function ownCopies(): Error {
  return usage(
    '--store',
    'its store is no file of its own: PostgreSQL makes its own copies',
    'pg_dump, and identity.pem beside it',
  );
}
