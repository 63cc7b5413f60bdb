import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoCommunities } from '../../src/app/demo/articles.js';
import { seededRandom } from './seeded-random.js';

/** One line of a file to import. */
export interface CorpusArticle {
  readonly topic: string;
  readonly author: string;
  readonly title: string;
  readonly body: string;
  /** Unix seconds. */
  readonly publishedAt: number;
}

export interface Corpus {
  /** Where the articles are from, for the title of a test or a message. */
  readonly source: string;
  readonly articles: readonly CorpusArticle[];
  /** The same articles by the file they came from; they are the files' lines, in order. */
  readonly files: readonly { readonly name: string; readonly articles: readonly CorpusArticle[] }[];
}

/**
 * The articles that large tests run on: all *.ndjson of the folder in MOOT_TEST_CORPUS, or, where it is not set, those of the demo
 * and some thousand that are made up from them. Says on stderr which.
 * @throws Error when the folder has none, and under CI=true when it is not set: a run there must not pass on less.
 */
export function loadArticles(env: NodeJS.ProcessEnv = process.env): Corpus {
  const folder = env.MOOT_TEST_CORPUS ?? '';
  if (folder === '' && env.CI === 'true') throw new Error('CI=true, but MOOT_TEST_CORPUS names no folder of articles');
  const corpus = folder === '' ? madeUp() : readFolder(folder);
  process.stderr.write(`CORPUS: ${corpus.articles.length} articles from ${corpus.source}\n`);
  return corpus;
}

function readFolder(folder: string): Corpus {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  const files = names.sort().map((name) => ({ name, articles: readLines(join(folder, name)) }));
  const articles = files.flatMap((file) => file.articles);
  if (articles.length === 0) throw new Error(`MOOT_TEST_CORPUS: ${folder} holds no article in any *.ndjson`);
  return { source: folder, articles, files };
}

function readLines(file: string): CorpusArticle[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as CorpusArticle);
}

const madeUpEach = 1000;

function madeUp(): Corpus {
  const files = demoCommunities.map(({ name, topics, articles }, index) => {
    const written = articles.map(({ topic, author, title, body, publishedAtMs }) => {
      return { topic, author, title, body, publishedAt: Math.floor(publishedAtMs / 1000) };
    });
    const random = seededRandom(index + 1);
    const sentences = articles.flatMap(({ body }) => body.split(/(?<=\.)\s+/));
    const more = Array.from({ length: madeUpEach }, (_, n) => makeUp(n, topics, sentences, random));
    return { name: `${name.toLowerCase()}.ndjson`, articles: [...written, ...more] };
  });
  const source = 'the demo and a seeded generator (MOOT_TEST_CORPUS is not set: NOT the real corpus)';
  return { source, articles: files.flatMap((file) => file.articles), files };
}

/** Of the shapes that real articles have: odd titles, topics with `_`, dates in no order. */
function makeUp(
  n: number,
  topics: readonly string[],
  sentences: readonly string[],
  random: () => number,
): CorpusArticle {
  const pick = <T>(list: readonly T[], otherwise: T): T => list[Math.floor(random() * list.length)] ?? otherwise;
  const body = Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(sentences, 'Nothing.')).join('\n');
  const plain = `${n} ${pick(sentences, 'Nothing.')}`;
  const titles = [plain, plain, plain, `  ${plain}\t`, `tab\t${plain}`, plain.padEnd(300, '·')];
  return {
    topic: `${pick(topics, 'any')}.made_up-${Math.floor(random() * 40)}`,
    author: `contributor-${Math.floor(random() * 200)}`,
    title: [...pick(titles, plain)].slice(0, 300).join(''),
    body,
    publishedAt: 862_330_408 + Math.floor(random() * 900_000_000),
  };
}
