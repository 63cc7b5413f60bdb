import { withoutPassword } from '../../core/secret-url.js';
import { readableFolder } from '../doctor/readable-folder.js';
import { Progress } from '../render/progress.js';
import type { Session } from '../session.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly identity?: string;
}

export const migrateVerb: Verb = (program, runner) => {
  program
    .command('migrate')
    .description('move a community that does not run from its data folder into PostgreSQL; what was cut off goes on')
    .argument('<data>', 'its data folder; nothing in it is deleted')
    .argument('<url>', 'postgres://USER@HOST:PORT/DATABASE, with ?schema=NAME where communities share a database')
    .option('--identity <file>', 'as its server has it')
    .addHelpText(
      'after',
      examples(
        'moot migrate .moot/Hamlet postgres://moot@localhost/moot',
        "moot migrate .moot/Hamlet 'postgres://moot@localhost/moot?schema=hamlet' --json",
      ),
    )
    .action(
      runner<Flags>(async (session, { identity }, data = '', url = '') => {
        session.doing = `cannot move ${data}`;
        await readableFolder(data);
        const { id, identityFile, articles, members, logs, rows, before } = await move(session, data, url, identity);
        await session.give({ id, articles, members, logs, rows, before, store: withoutPassword(url) });
        await session.say(`${articles} articles, ${members} members and ${logs} logs are in PostgreSQL\n`);
        const flags = `--store '${withoutPassword(url)}' --identity ${identityFile}`;
        await session.note(`next: moot server PORT --data ${data} ${flags}\n`);
      }),
    );
};

async function move(session: Session, dir: string, url: string, identityFile: string | undefined) {
  const { moveCommunity } = await import('../../app/move-community.js');
  let progress: Progress | undefined;
  let shown: Promise<void> = Promise.resolve();
  const show = async (done: number, of: number): Promise<void> => {
    progress ??= await Progress.open(session, of);
    progress.show(done, `${done} of ${of} rows`);
  };
  try {
    return await moveCommunity({
      dir,
      url,
      identityFile,
      onRows: (done, of) => {
        shown = shown.then(() => show(done, of));
      },
    });
  } finally {
    await shown;
    await progress?.clear();
  }
}
