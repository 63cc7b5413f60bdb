// A bridge from RSS, Atom or JSON Feed: what is in a feed is published in a community, each entry once.
//   node docs/examples/rss-bridge.mjs SERVER TOPIC URL [MINUTES]
// With MINUTES it looks again that often; without, once. Its membership is kept in the folder BRIDGE_HOME (default:
// bridge-home). The registry is MOOT_REGISTRY, or localhost:50051.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parseFeed } from 'feedsmith';
import { connect } from 'moot-network';

const [server, topic, url, minutes] = process.argv.slice(2);
if (!url) throw new Error('usage: node rss-bridge.mjs SERVER TOPIC URL [MINUTES]');
const home = process.env.BRIDGE_HOME ?? 'bridge-home';
await mkdir(home, { recursive: true });
const moot = await connect({ registry: process.env.MOOT_REGISTRY ?? 'localhost:50051', home });

try {
  const joined = (await moot.memberships()).length > 0;
  const community = joined ? await moot.community(server) : await moot.join(server, { as: 'rss-bridge' });
  do {
    await bridge(community);
    if (minutes) await wait(Number(minutes) * 60_000);
  } while (minutes);
} finally {
  await moot.close();
}

async function bridge(community) {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const { feed } = parseFeed(await response.text());
  const entries = feed.items ?? feed.entries ?? [];
  const counts = { published: 0, known: 0, refused: 0 };
  for await (const { published, refused } of community.publishAll(entries.map(toItem))) {
    if (refused) console.error(refused.message);
    counts[refused ? 'refused' : published.duplicate ? 'known' : 'published'] += 1;
  }
  console.log(`${counts.published} published, ${counts.known} known, ${counts.refused} refused`);
}

function toItem(entry) {
  const link = entry.link ?? entry.url ?? entry.links?.[0]?.href;
  const id = entry.guid?.value ?? entry.id ?? link;
  const title = entry.title?.value ?? entry.title;
  const date = entry.pubDate ?? entry.published ?? entry.date_published ?? entry.updated;
  const draft = {
    topic,
    title,
    author: entry.dc?.creators?.[0] ?? entry.authors?.[0]?.name,
    body: [title, link].filter(Boolean).join('\n'),
    publishedAtMs: date === undefined ? undefined : Date.parse(date),
  };
  // A key makes one article however often it is sent: 128 characters at most, so the id goes in as a hash.
  return { draft, key: `rss-${createHash('sha256').update(`${url} ${id}`).digest('base64url')}` };
}
