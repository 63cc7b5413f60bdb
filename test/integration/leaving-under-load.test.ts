import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Community, connect, type Moderation, type Moot } from '../../src/client/index.js';
import { codeOf } from '../../src/core/errors.js';
import { anyArticle } from '../../src/core/filter.js';
import { type Channel, openChannel } from '../../src/wire/channels.js';
import { toWireSubscribe } from '../../src/wire/convert-subscribe.js';
import { CommunityServiceService as service } from '../../src/wire/gen/moot/v1/community.js';
import { TestNetwork } from '../support/network.js';

const count = 200;
/** RELIABILITY of the network, "Who attacks what": nothing reaches who has left later than this. */
const mostMs = 1000;

const network = new TestNetwork();
const channels: Channel[] = [];
let operator: Moot;
let moderation: Moderation;
let writer: Community;

/** A member with a subscription, whose frames are taken as fast as they come. */
interface Leaver {
  readonly name: string;
  readonly token: string;
  readonly channel: Channel;
  /** The error with which the subscription ended. */
  readonly ended: Promise<unknown>;
  /** When the newest article that came was stored, and when it came. */
  stored: number;
  arrived: number;
  /** When it ended. */
  over: number;
}

async function subscribed(channel: Channel, name: string): Promise<Leaver> {
  const { token } = await channel.unary(service.join, { name, invite: undefined }, { deadlineMs: 30_000 });
  const request = { filter: anyArticle, scope: 'local', cursor: { places: new Map(), start: 'now' } } as const;
  const stream = channel.serverStream(service.subscribe, toWireSubscribe(request), { token });
  const frames = stream[Symbol.asyncIterator]();
  await frames.next();
  const read = async (): Promise<void> => {
    for (let next = await frames.next(); !next.done; next = await frames.next()) {
      const { frame } = next.value;
      if (frame?.$case !== 'entries') continue;
      leaver.arrived = Date.now();
      for (const { storedAtMs } of frame.value.parts) leaver.stored = Math.max(leaver.stored, Number(storedAtMs));
    }
  };
  const ended = read().then(
    () => undefined,
    (error: unknown) => {
      leaver.over = Date.now();
      return error;
    },
  );
  const leaver = { name, token, channel, ended, stored: 0, arrived: 0, over: 0 };
  return leaver;
}

/** The ways in which a token ends, one after the other. */
const ways: readonly ((leaver: Leaver) => Promise<unknown>)[] = [
  ({ channel, token }) => channel.unary(service.leave, {}, { token, deadlineMs: 30_000 }),
  ({ name }) => moderation.remove(name, { timeoutMs: 30_000 }),
  ({ name }) => moderation.revokeToken(name, { timeoutMs: 30_000 }),
  ({ name }) => moderation.remove(name, { ban: true, timeoutMs: 30_000 }),
  ({ channel, token }) => channel.unary(service.renewToken, {}, { token, deadlineMs: 30_000 }),
];

beforeAll(async () => {
  await network.start([]);
  const server = await network.startServer('Hamlet', { store: undefined });
  operator = await connect({ registry: network.registry, home: network.home });
  moderation = await operator.moderation('Hamlet');
  writer = await operator.join('Hamlet', { as: 'writer' });
  for (let at = 0; at < 4; at += 1) channels.push(openChannel(server.address, { purpose: 'client' }));
});
afterAll(async () => {
  for (const channel of channels) channel.close();
  await operator.close();
  await network.stop();
});

it('S0.6 ends 200 memberships and tokens under load: nothing reaches any of them a second later', async () => {
  const leavers = await Promise.all(
    Array.from({ length: count }, (_, at) => subscribed(channels[at % channels.length] as Channel, `member ${at}`)),
  );
  let published = 0;
  let isOver = false;
  const publishing = (async () => {
    while (!isOver) {
      await writer.publish({ topic: 'load', body: `article ${published}` }, { timeoutMs: 30_000 });
      published += 1;
    }
  })();
  const endedAt = new Map<Leaver, number>();
  for (const [at, leaver] of leavers.entries()) {
    await ways[at % ways.length]?.(leaver);
    endedAt.set(leaver, Date.now());
    const { channel, token } = leaver;
    const refused = channel.unary(service.showMembership, {}, { token, deadlineMs: 30_000 });
    expect(codeOf(await refused.catch((error: unknown) => error))).toBe('unauthenticated');
  }
  const errors = await Promise.all(leavers.map(({ ended }) => ended));
  isOver = true;
  await publishing;
  expect(errors.map(codeOf)).toEqual(leavers.map(() => 'unauthenticated'));
  expect(leavers.filter(({ stored }) => stored > 0).length).toBeGreaterThan(count / 2);
  const last = (what: 'stored' | 'arrived' | 'over'): number =>
    Math.max(...leavers.map((leaver) => leaver[what] - (endedAt.get(leaver) ?? 0)));
  const [stored, arrived, over] = [last('stored'), last('arrived'), last('over')];
  process.stdout.write(`LEAVING: after the answer, stored ${stored} ms, arrived ${arrived} ms, ended ${over} ms\n`);
  for (const ms of [stored, arrived, over]) expect(ms).toBeLessThanOrEqual(mostMs);
}, 180_000);
