import { parseKey } from '../../core/draft.js';
import { fromId } from '../../core/ids.js';
import { parseTopic } from '../../core/topic.js';
import { typed } from '../parse/refused.js';
import { readBody } from '../read-body.js';
import { publishedLine } from '../render/json-lines.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly topic: string;
  readonly title?: string;
  readonly body?: string;
  readonly file?: string;
  readonly author?: string;
  readonly replyTo?: string;
  readonly key?: string;
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
    .addHelpText(
      'after',
      examples(
        "moot publish Server50052 --topic sports.chess --title 'A new opening' --body '1. b4'",
        'fortune | moot publish Server50052 --topic fortune -',
      ),
    )
    .action(
      runner<Flags>(async (session, flags, server = '', dash) => {
        const { topic, title, author, replyTo, key } = flags;
        typed('--topic', () => parseTopic(topic, '--topic'));
        if (replyTo !== undefined) typed('--reply-to', () => fromId(replyTo, '--reply-to'));
        if (key !== undefined) typed('--key', () => parseKey(key));
        const body = await readBody(flags, dash, session.io.stdin);
        session.doing = `cannot publish in ${server}`;
        const { signal } = session;
        const community = await (await session.moot()).community(server, { signal });
        const published = await community.publish({ topic, title, author, body, replyTo }, { key, signal });
        await session.give(publishedLine(published));
        const what = published.duplicate ? 'this key has its article already' : 'published';
        await session.say(`${what}: ${published.id} in ${community.name}\n`);
      }),
    );
};
