// A member that answers: who writes "moot?" in an article is told what the network has on its topic, once each.
//   node docs/examples/answering-bot.mjs SERVER
// Its membership and its place are kept in the folder BOT_HOME (default: bot-home), so that a restart misses nothing and
// repeats nothing. The registry is MOOT_REGISTRY, or localhost:50051. Ctrl-C ends it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'moot-network';

const [server = 'Server50052'] = process.argv.slice(2);
const home = process.env.BOT_HOME ?? 'bot-home';
const place = join(home, 'cursor');
await mkdir(home, { recursive: true });
const moot = await connect({ registry: process.env.MOOT_REGISTRY ?? 'localhost:50051', home });
const ended = new AbortController();
process.once('SIGINT', () => ended.abort());

try {
  const joined = (await moot.memberships()).length > 0;
  const community = joined ? await moot.community(server) : await moot.join(server, { as: 'answering-bot' });
  const cursor = await readFile(place, 'utf8').catch(() => undefined);
  const feed = community.subscribe({ from: cursor ? { cursor } : 'now', signal: ended.signal });
  console.log(`listening in ${community.name} as ${community.member}`);
  for await (const event of feed) {
    if (event.type === 'article') await answer(community, event.article);
    await writeFile(place, feed.cursor);
  }
} catch (error) {
  if (!ended.signal.aborted) throw error;
} finally {
  await moot.close();
}

async function answer(community, article) {
  // Never itself: two bots that answer each other do not stop.
  if (!article.body.includes('moot?') || article.member === community.member) return;
  const found = community.query({ topics: [article.topic], limit: 500 });
  const origins = new Map();
  for await (const { originName } of found) origins.set(originName, (origins.get(originName) ?? 0) + 1);
  const list = [...origins].map(([name, count]) => `${count} from ${name}`).join(', ');
  const { complete } = await found.report;
  await community.publish(
    { topic: article.topic, body: `On ${article.topic}: ${list}${complete ? '' : ', and somebody is missing'}.`, replyTo: article.id },
    // One answer to one question, however often this is run.
    { key: `answer-${article.id}` },
  );
  console.log(`answered ${article.author}`);
}
