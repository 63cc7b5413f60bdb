import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { FollowResponse } from '../../src/wire/gen/moot/v1/federation.js';
import type { Behaviour } from '../support/hostile-door.js';
import { HostileNetwork } from '../support/hostile-network.js';

const invented = 100_000;
/** Of one stream: a little more than it takes until the stream is ended. */
const mostOfOne = 20_000;
const mostGrownMiB = 20;

const network = new HostileNetwork();
let sent = 0;
beforeAll(() => network.start(), 120_000);
afterAll(() => network.close());

/** Says that it carries logs that nobody has, one after the other, each with another name. */
const invents: Behaviour = {
  follow: async (call) => {
    for (let of = 0; of < mostOfOne && !call.isOver; of += 1) {
      sent += 1;
      const origin = `${String(sent).padStart(51, '0')}0`;
      const after = { origin, epoch: 1n, seq: 0n };
      const value = { origin, name: `Fake ${sent}`, path: [origin], after, head: undefined };
      await call.send(FollowResponse.encode({ frame: { $case: 'carrying', value } }).finish());
    }
    await call.pause(60_000);
  },
};

/** Over a new link, until the stream is ended or has told all. */
async function inventOnce(): Promise<void> {
  const before = sent;
  network.door.behaviour = invents;
  await network.link();
  let last = -1;
  while (last !== sent || sent === before) {
    last = sent;
    await pause(200);
  }
  await network.unlink();
  network.door.behaviour = {};
}

/** Names of logs that are on the disk of Asked. */
function kept(): number {
  const database = new Sqlite(join(network.folder, 'Asked', 'moot.db'), { readonly: true });
  const { count } = database.prepare('SELECT count(*) AS count FROM origins').get() as { count: number };
  database.close();
  return count;
}

it(`storage, cursors: of ${invented} invented origins over a real link none is kept, and the honest ones are whole`, async () => {
  // What it takes to read so many for the first time is not what is kept of them.
  await inventOnce();
  await inventOnce();
  const before = await network.settledMiB();
  let streams = 2;
  const published: string[] = [];
  for (; sent < invented; streams += 1) {
    await inventOnce();
    published.push(`after stream ${streams}`);
    await network.member('Far').publish({ topic: 'live', body: published.at(-1) ?? '' });
  }
  const after = await network.settledMiB();
  process.stdout.write(
    `ORIGINS: ${sent} invented over ${streams} links, ${kept()} logs kept, ${before.toFixed(0)} to ${after.toFixed(0)} MiB\n`,
  );
  expect(after).toBeLessThan(before + mostGrownMiB);
  expect(kept()).toBeLessThanOrEqual(3);
  const live: string[] = [];
  for await (const event of network.member('Asked').subscribe({ topics: ['live'], from: 'beginning' })) {
    if (event.type === 'gap') throw new Error(`a gap: ${event.reason}`);
    if (event.type === 'article') live.push(event.article.body);
    if (live.length === published.length) break;
  }
  expect(live).toEqual(published);
  const answer = network.member('Asked').query({ topics: ['news'], timeoutMs: 20_000 });
  for await (const _ of answer);
  expect((await answer.report).complete).toBe(true);
}, 300_000);
