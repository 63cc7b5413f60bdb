import type { Community } from '../../client/index.js';
import { exit } from '../failure.js';
import { importItems } from '../import/items.js';
import { openSources, type Source } from '../import/source.js';
import { oneLine } from '../render/plain.js';
import { Progress } from '../render/progress.js';
import type { Session } from '../session.js';
import { examples, type Verb } from '../verb.js';

export const importVerb: Verb = (program, runner) => {
  program
    .command('import')
    .description('publish many articles, each with its own date; a second run adds nothing')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('<file...>', 'NDJSON: {"topic","author","title","body","publishedAt"} a line; - is standard input')
    .addHelpText('after', examples('moot import Server50052 articles.ndjson', 'zcat *.gz | moot import Server50052 -'))
    .action(
      runner(async (session, _flags, server = '', ...files) => {
        const sources = await openSources(files, session.io.stdin);
        session.doing = `cannot import into ${server}`;
        const community = await (await session.moot()).community(server, { signal: session.signal });
        const counts = await importAll(session, community, sources);
        await session.give(counts);
        const { imported, duplicates, rejected } = counts;
        await session.say(`${imported} imported, ${duplicates} there already, ${rejected} refused\n`);
        if (rejected > 0) session.status = exit.failed;
      }),
    );
};

interface Counts {
  readonly imported: number;
  readonly duplicates: number;
  readonly rejected: number;
}

async function importAll(session: Session, community: Community, sources: readonly Source[]): Promise<Counts> {
  const counts = { imported: 0, duplicates: 0, rejected: 0 };
  const progress = new Progress(session.io.stderr, !session.settings.quiet);
  const total = sources.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
  const places: string[] = [];
  let bytesRead = 0;
  const refuse = async (place: string, why: string): Promise<void> => {
    counts.rejected += 1;
    await progress.clear();
    await session.complain(`${place}: ${oneLine(why)}\n`);
  };
  const items = importItems(sources, {
    given: (place) => places.push(place),
    refused: refuse,
    read: (bytes) => {
      bytesRead += bytes;
    },
  });
  for await (const { published, refused } of community.publishAll(items, { signal: session.signal })) {
    const place = places.shift() ?? '';
    if (refused) await refuse(place, refused.message);
    else if (published.duplicate) counts.duplicates += 1;
    else counts.imported += 1;
    await progress.show(() => `${counts.imported + counts.duplicates} articles${share(bytesRead, total)}`);
  }
  await progress.clear();
  return counts;
}

function share(bytes: number, total: number | undefined): string {
  return total ? `, ${Math.floor((100 * bytes) / total)} %` : '';
}
