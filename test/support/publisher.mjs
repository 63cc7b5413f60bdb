import { connect } from 'moot-network';

/**
 * Publishes without end to the server at ADDRESS as NAME, and prints a line for each acknowledgement: "DRAFT ID SEQ". The
 * SDK rides out restarts of the server; nothing here retries.
 */
const [address, name] = process.argv.slice(2);
const moot = await connect({ registry: 'localhost:1', timeoutMs: 60_000 });
const community = await moot.join(address, { as: name });

async function* drafts() {
  for (let n = 0; ; n += 1) yield { draft: { topic: 'load', body: `${name} ${n}` }, key: `${name}-${n}` };
}

let n = 0;
for await (const result of community.publishAll(drafts())) {
  if ('refused' in result) process.stderr.write(`${name} ${n}: ${result.refused.message}\n`);
  else process.stdout.write(`${name} ${n} ${result.published.id} ${result.published.seq}\n`);
  n += 1;
}
