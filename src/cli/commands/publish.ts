import { type Draft, parseKey } from '../../core/draft.js';
import { fromId } from '../../core/ids.js';
import { parseTopic } from '../../core/topic.js';
import { typed } from '../parse/refused.js';
import { parseSeries, publishSeries } from '../publish-series.js';
import { readBody } from '../read-body.js';
import { publishedLine } from '../render/json-lines.js';
import { publishedText } from '../render/published-text.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly topic: string;
  readonly title?: string;
  readonly body?: string;
  readonly file?: string;
  readonly author?: string;
  readonly replyTo?: string;
  readonly key?: string;
  readonly every?: string;
  readonly count?: string;
}

export const publishVerb: Verb = (program, runner) => {
  program
    .command('publish')
    .description('publish an article in a community; it is on its disk when this says so')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .argument('[-]', 'read the body from standard input')
    .requiredOption('--topic <topic>', 'dotted words, as in sports.chess')
    .option('--title <title>', 'at most 300 characters')
    .option('--body <text>', 'the text')
    .option('--file <file>', 'read the body from a file (- is standard input)')
    .option('--author <name>', 'the byline (default: your name there)')
    .option('--reply-to <id>', 'the article that it answers')
    .option('--key <key>', 'an idempotency key: the same key makes one article, however often it is sent')
    .option(
      '--every <duration>',
      'one article each so long, with its number for {n} in title and body (with --count: 1s)',
    )
    .option('--count <count>', 'how many articles (with --every: until Ctrl-C)')
    .addHelpText(
      'after',
      examples(
        "moot publish Server50052 --topic sports.chess --title 'A new opening' --body '1. b4'",
        'fortune | moot publish Server50052 --topic fortune -',
        "moot publish Server50052 --topic news --every 1s --count 10 --body 'Number {n}'",
      ),
    )
    .action(
      runner<Flags>(async (session, flags, server = '', dash) => {
        const { topic, title, author, replyTo, key } = flags;
        typed('--topic', () => parseTopic(topic, '--topic'));
        if (replyTo !== undefined) typed('--reply-to', () => fromId(replyTo, '--reply-to'));
        const series = parseSeries(flags);
        if (key !== undefined) typed('--key', () => parseKey(series ? `${key}-${series.count}` : key));
        const body = await readBody(flags, dash, session.io.stdin);
        session.doing = `cannot publish in ${server}`;
        const { signal } = session;
        const community = await (await session.moot()).community(server, { signal });
        const publish = async (draft: Draft, as: string | undefined): Promise<void> => {
          const published = await community.publish(draft, { key: as, signal });
          await session.give(publishedLine(published));
          await session.say(publishedText(published, community.name));
        };
        const draft = { topic, title, author, body, replyTo };
        if (series) await publishSeries(draft, key, series, signal, publish);
        else await publish(draft, key);
      }),
    );
};
