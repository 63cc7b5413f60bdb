import { Option } from 'commander';
import type { SubscribeOptions } from '../../client/subscription.js';
import { parseCursor } from '../../core/cursor.js';
import { isMootError } from '../../core/errors.js';
import { parseFilter } from '../../core/filter.js';
import { nearMisses } from '../../core/near-miss.js';
import { parseWhole } from '../parse/number.js';
import { typed } from '../parse/refused.js';
import { collect } from '../settings.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly topic?: readonly string[];
  readonly author?: string;
  readonly replyTo?: string;
  readonly scope: 'local' | 'network';
  readonly from: string;
  readonly count?: string;
}

export const subscribeVerb: Verb = (program, runner) => {
  program
    .command('subscribe')
    .description('follow the articles of a community as they come; it reconnects by itself')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .option('--topic <topic>', 'of this topic, or below it; may be given again', collect)
    .option('--author <name>', 'with exactly this byline')
    .option('--reply-to <id>', 'the answers to this article')
    .addOption(
      new Option('--scope <scope>', 'its own articles, or the network’s')
        .choices(['local', 'network'])
        .default('network'),
    )
    .option('--from <place>', 'now, beginning, a cursor, or @FILE, which keeps the cursor from run to run', 'now')
    .option('--count <count>', 'end after so many articles')
    .addHelpText(
      'after',
      examples(
        'moot subscribe Server50052 --topic sports',
        'moot subscribe Server50052 --from @sports.cursor --json',
        'moot subscribe Server50052 --from beginning --count 10',
      ),
    )
    .action(
      runner<Flags>(async (session, flags, server = '') => {
        const { topic = [], author, replyTo, scope, from } = flags;
        const [{ CursorFile }, { follow }, { namedFeeds }] = await Promise.all([
          import('../live/cursor-file.js'),
          import('../live/follow.js'),
          import('../live/named-feeds.js'),
        ]);
        typed('--', () => parseFilter({ topics: topic, origins: [], author, replyTo }));
        const count =
          flags.count === undefined ? undefined : parseWhole('--count', flags.count, 1, Number.MAX_SAFE_INTEGER);
        const keep = from.startsWith('@') ? new CursorFile(fileName(from)) : undefined;
        const start = keep ? toStart(await keep.read()) : parseStart(from);
        session.doing = `cannot subscribe to ${server}`;
        const { signal } = session;
        const community = await (await session.moot()).community(server, { signal });
        await follow(
          session,
          namedFeeds(session, community),
          { topics: topic, author, replyTo, scope, from: start },
          { count, keep },
        );
      }),
    );
};

function fileName(from: string): string {
  if (from === '@') throw usage('--from', '--from @ names no file', '--from @FILE');
  return from.slice(1);
}

function toStart(cursor: string | undefined): SubscribeOptions['from'] {
  return cursor === undefined ? 'now' : { cursor };
}

function parseStart(from: string): SubscribeOptions['from'] {
  if (from === 'now' || from === 'beginning') return from;
  try {
    parseCursor(from, '--from');
  } catch (cause) {
    if (!isMootError(cause)) throw cause;
    const [near] = nearMisses(from, ['now', 'beginning']);
    throw usage(
      '--from',
      `--from "${from}" is not a cursor, or not whole`,
      near ?? 'now, beginning, a cursor, or @FILE',
      cause,
    );
  }
  return { cursor: from };
}
