import { type Command, Option } from 'commander';
import type { Answer, Community, QueryOptions, Report } from '../../client/index.js';
import { limits } from '../../core/limits.js';
import { type QueryFlags, queryOptions } from '../query-flags.js';
import { articleText } from '../render/article-text.js';
import { explainLines } from '../render/explain.js';
import { articleLine, reportLine } from '../render/json-lines.js';
import { Progress } from '../render/progress.js';
import { reportText } from '../render/report-text.js';
import type { Session } from '../session.js';
import { collect } from '../settings.js';
import { topicHint } from '../topic-hint.js';
import { examples, type Verb } from '../verb.js';

export const queryVerb: Verb = (program, runner) => {
  addFlags(program.command('query'))
    .addHelpText(
      'after',
      examples(
        'moot query Server50052 --topic sports --since 2026-01-01',
        "moot query Server50052 --text 'chess opening' --all --json",
        'moot query Server50052 --reply-to 0n5clqh81mrk4d2v3ecid67o8b9s0gtqapiuf5j1m7kv2h6ec4s0',
      ),
    )
    .action(
      runner<QueryFlags>(async (session, flags, server = '') => {
        const asked = queryOptions(flags);
        session.doing = `cannot query ${server}`;
        const { signal } = session;
        const community = await (await session.moot()).community(server, { signal });
        const count = await show(session, ask(community, { ...asked, signal }, flags.all === true), flags);
        const hint = count === 0 ? await topicHint(session, asked.topics ?? []) : undefined;
        if (hint !== undefined && !session.settings.json) await session.note(`try: ${hint}\n`);
      }),
    );
};

function addFlags(command: Command): Command {
  return command
    .description('ask a community for articles: its own, and those of every community it can reach')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .option('--topic <topic>', 'of this topic, or below it; may be given again', collect)
    .option('--author <name>', 'with exactly this byline')
    .option('--text <words>', 'with all of these words')
    .option('--since <date>', 'of this date or later; without a zone it is UTC')
    .option('--until <date>', 'before this date')
    .option('--origin <id>', 'from this community; may be given again', collect)
    .option('--id <id>', `this article; may be given again, up to ${limits.idsInFilter} times`, collect)
    .option('--reply-to <id>', 'the answers to this article')
    .addOption(new Option('--scope <scope>', 'how far to ask').choices(['local', 'network']).default('network'))
    .option('--limit <count>', `articles in a page, 1 to ${limits.queryLimit} (default: ${limits.queryDefault})`)
    .option('--all', 'page after page, until there is nothing more')
    .option('--page <token>', 'the page that the report before names')
    .addOption(
      new Option('--order <order>', 'newest first, or as they are found')
        .choices(['newest', 'found'])
        .default('newest'),
    )
    .option(
      '--fan-out <count>',
      `branches a server explores at once, 1 to ${limits.fanOut} (default: ${limits.fanOutDefault})`,
    )
    .addOption(
      new Option('--fresh <how>', 'ask the servers, or only what is kept here')
        .choices(['live', 'mirrored'])
        .default('live'),
    )
    .option('--explain', 'draw who asked whom, and what came of it')
    .option('--require-complete', 'exit with status 1 unless every community answered');
}

function ask(community: Community, options: QueryOptions, all: boolean): Answer {
  return all ? community.queryAll(options) : community.query(options);
}

/** @returns how many articles there were. */
async function show(session: Session, answer: Answer, { all, explain }: QueryFlags): Promise<number> {
  const { columns, colours } = session;
  // What comes is to be seen itself, where it goes to the terminal.
  const progress = session.io.stdout.isTTY || !all ? undefined : await Progress.open(session, undefined);
  let count = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const article of answer) {
      count += 1;
      await session.give(articleLine(article));
      if (!session.settings.json) await session.say(articleText(article, columns, colours));
      progress?.show(count, `${count} articles`);
    }
  } catch (error) {
    failure = { error };
  }
  await progress?.clear();
  // An answer that is refused for not being complete has its report, which says who is missing.
  const report = await answer.report.catch(() => undefined);
  if (report) {
    await session.give(reportLine(report));
    if (!session.settings.json) {
      const articles = `${count} ${count === 1 ? 'article' : 'articles'}`;
      await session.note(`${articles}; ${reportText(report)}\n`);
      if (explain) await session.note(explained(session, report));
      if (report.next !== undefined && !all) await session.note(`more: --all, or --page ${report.next}\n`);
    }
  }
  if (failure) throw failure.error;
  return count;
}

function explained({ io }: Session, report: Report): string {
  const columns = io.stderr.isTTY ? io.stderr.columns : Number.POSITIVE_INFINITY;
  return `${explainLines(report, columns).join('\n')}\n`;
}
