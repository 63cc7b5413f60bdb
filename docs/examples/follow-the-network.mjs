// Joins a community, publishes an article in it, and asks the whole network for what it has on a topic.
//   node docs/examples/follow-the-network.mjs SERVER [TOPIC]
// SERVER is a name, the start of an id, or HOST:PORT; the registry is MOOT_REGISTRY, or localhost:50051.
import { connect, isMootError } from 'moot-network';

const [server = 'Server50052', topic = 'hello'] = process.argv.slice(2);
const moot = await connect({ registry: process.env.MOOT_REGISTRY ?? 'localhost:50051' });
try {
  const community = await moot.join(server, { as: `visitor-${process.pid}` });
  console.log(`joined ${community.name} as ${community.member}`);

  const { id } = await community.publish({ topic, title: 'Good morning', body: 'Is anybody out there?' });
  console.log(`published ${id}`);

  // Every article is checked against the seal of the community it comes from before it arrives here.
  const answer = community.query({ topics: [topic], limit: 20, timeoutMs: 3000 });
  for await (const article of answer) console.log(`${article.originName}: ${article.title ?? article.body}`);

  const { complete, rows } = await answer.report;
  const missing = rows.filter(({ outcome }) => outcome !== 'ANSWERED');
  console.log(complete ? `all ${rows.length} communities answered` : 'this is not everything:');
  for (const { name, outcome, reason } of missing) console.log(`  ${name}: ${outcome} ${reason}`);

  await community.leave();
} catch (error) {
  if (!isMootError(error)) throw error;
  console.error(`${error.code}: ${error.message}${error.hint ? ` (${error.hint})` : ''}`);
  process.exitCode = 1;
} finally {
  await moot.close();
}
