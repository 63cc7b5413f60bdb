import { Option } from 'commander';
import type { Community } from '../../client/index.js';
import type { MootError } from '../../core/errors.js';
import { parseTopic } from '../../core/topic.js';
import { errorLine, exit } from '../failure.js';
import { type Format, formats } from '../import/format.js';
import { importItems } from '../import/items.js';
import { openSources, type Source } from '../import/source.js';
import type { TopicRule } from '../import/topic-rule.js';
import { typed } from '../parse/refused.js';
import { oneLine } from '../render/plain.js';
import { Progress } from '../render/progress.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly format?: Format;
  readonly topic?: string;
  readonly topicFrom?: 'category';
}

export const importVerb: Verb = (program, runner) => {
  program
    .command('import')
    .description('publish many articles, each with its own date; a second run adds nothing')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument(
      '<file...>',
      'NDJSON ({"topic","author","title","body","publishedAt"} a line), RSS, Atom, JSON Feed, mbox; - is standard input',
    )
    .addOption(
      new Option('--format <format>', 'what the files are; default: what each says of itself').choices(formats),
    )
    .option('--topic <topic>', 'of what has none of its own: feeds, mails, lines without one')
    .addOption(
      new Option('--topic-from <field>', 'of feeds and mails: Garden Notes is garden-notes').choices(['category']),
    )
    .addHelpText(
      'after',
      examples(
        'moot import Server50052 articles.ndjson',
        'zcat *.gz | moot import Server50052 -',
        'moot import Server50052 feed.xml --topic news',
        'moot import Server50052 list.mbox --topic lists.garden',
      ),
    )
    .action(
      runner<Flags>(async (session, { format, topic, topicFrom }, server = '', ...files) => {
        if (topic !== undefined) typed('--topic', () => parseTopic(topic, '--topic'), 'topic');
        const topics: TopicRule = { given: topic, fromCategory: topicFrom === 'category' };
        const sources = await openSources(files, session.io.stdin, format);
        const homeless = sources.find((source) => source.format !== 'ndjson');
        if (homeless && topic === undefined && !topics.fromCategory)
          throw usage('--topic', `what is in ${homeless.name} has no topics`, 'say where it goes: --topic news');
        session.doing = `cannot import into ${server}`;
        const community = await (await session.moot()).community(server, { signal: session.signal });
        const counts = await importAll(session, community, sources, topics);
        await session.give(counts);
        const { imported, duplicates, rejected } = counts;
        const isNothing = imported + duplicates + rejected === 0;
        if (isNothing) await session.say('nothing to import\n');
        else await session.say(`${imported} imported, ${duplicates} there already, ${rejected} refused\n`);
        if (rejected > 0) session.status = exit.failed;
      }),
    );
};

interface Counts {
  readonly imported: number;
  readonly duplicates: number;
  readonly rejected: number;
}

async function importAll(
  session: Session,
  community: Community,
  sources: readonly Source[],
  topics: TopicRule,
): Promise<Counts> {
  const counts = { imported: 0, duplicates: 0, rejected: 0 };
  const progress = await Progress.open(session, sizeOf(sources));
  const places: string[] = [];
  let bytesRead = 0;
  const refuse = async (place: string, { code, field, message, hint }: MootError): Promise<void> => {
    counts.rejected += 1;
    await progress.clear();
    const said = { code, field, message: `${place}: ${message}`, hint };
    await session.complain(session.settings.json ? errorLine(said) : `${oneLine(said.message)}\n`);
  };
  const items = importItems(sources, topics, {
    given: (place) => places.push(place),
    refused: refuse,
    read: (bytes) => {
      bytesRead += bytes;
    },
  });
  try {
    for await (const { published, refused } of community.publishAll(items, { signal: session.signal })) {
      const place = places.shift() ?? '';
      if (refused && !isChanged(refused)) await refuse(place, refused);
      else if (published && !published.duplicate) counts.imported += 1;
      else counts.duplicates += 1;
      if (refused && isChanged(refused)) {
        await progress.clear();
        await session.note(`${oneLine(place)}: has changed since it was imported; what is there stays\n`);
      }
      progress.show(bytesRead, `${counts.imported + counts.duplicates} articles`);
    }
  } finally {
    await progress.clear();
  }
  return counts;
}

/** What has an id of its own was imported before, and says something else now. */
function isChanged({ code, field }: MootError): boolean {
  return code === 'already_exists' && field === 'key';
}

function sizeOf(sources: readonly Source[]): number | undefined {
  return sources.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
}
