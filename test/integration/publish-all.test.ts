import { afterEach, describe, expect, it } from '@jest/globals';
import { publishAll } from '../../src/client/publish-all.js';
import type { PublishItem } from '../../src/client/publish-window.js';
import type { PublishResult } from '../../src/client/types.js';
import { wakingClock } from '../../src/client/waking-clock.js';
import { limits } from '../../src/core/limits.js';
import { type Channel, openChannel } from '../../src/wire/channels.js';
import { CommunityServiceService } from '../../src/wire/gen/moot/v1/community.js';
import { type Misbehaviour, PublishServer } from '../support/publish-server.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function start(misbehaviour: Misbehaviour = {}): Promise<{ server: PublishServer; channel: Channel }> {
  const server = new PublishServer(misbehaviour);
  const channel = openChannel(await server.start(), { purpose: 'client' });
  closing.push(
    () => channel.close(),
    () => server.stop(),
  );
  return { server, channel };
}

function publish(
  channel: Channel,
  items: Iterable<PublishItem> | AsyncIterable<PublishItem>,
  { stallMs = 5000, signal }: { stallMs?: number; signal?: AbortSignal } = {},
): AsyncGenerator<PublishResult> {
  const open = async () => channel.bidi(CommunityServiceService.publishStream, { signal });
  return publishAll(items, { clock: wakingClock, stallMs, signal, open });
}

function* drafts(count: number, body = (n: number): string => `body ${n}`): Generator<PublishItem> {
  for (let n = 0; n < count; n += 1) yield { key: `k${n}`, draft: { topic: 'a', body: body(n) } };
}

async function all(results: AsyncIterable<PublishResult>): Promise<PublishResult[]> {
  const list: PublishResult[] = [];
  for await (const result of results) list.push(result);
  return list;
}

const keysOf = (results: readonly PublishResult[]): string[] => results.map(({ key }) => key);
const keys = (count: number): string[] => Array.from({ length: count }, (_, n) => `k${n}`);

describe('publishing many', () => {
  it('gives one result for each, in order, and sends them in batches', async () => {
    const { server, channel } = await start();
    const results = await all(publish(channel, drafts(5000)));
    expect(keysOf(results)).toEqual(keys(5000));
    expect(results.every(({ published }) => published?.duplicate === false)).toBe(true);
    expect(server.stored.size).toBe(5000);
    expect(server.streams).toBe(1);
    expect(server.largestMessage).toBe(64);
  });

  it('nothing is nothing', async () => {
    const { channel } = await start();
    expect(await all(publish(channel, []))).toEqual([]);
  });

  it('S0.7 one that is refused, here or there, stands in its place, and the rest goes in', async () => {
    const { server, channel } = await start();
    const odd = (n: number): string =>
      n % 3 === 0 ? 'x'.repeat(limits.bodyBytes + 1) : n % 3 === 1 ? 'refuse me' : `body ${n}`;
    const results = await all(publish(channel, drafts(90, odd)));
    expect(keysOf(results)).toEqual(keys(90));
    expect(results[0]?.refused).toMatchObject({ code: 'invalid', field: 'body' });
    expect(results[1]?.refused).toMatchObject({ code: 'invalid', message: 'body is not wanted' });
    expect(server.stored.size).toBe(30);
  });

  it('S0.7 one without a key, or with one that cannot be, is refused by name: sent again it would be a second article', async () => {
    const { server, channel } = await start();
    const draft = { topic: 'a', body: 'b' };
    const items = [{ draft }, { draft, key: '' }, { draft, key: 'two\nlines' }, { draft, key: 'k' }] as PublishItem[];
    const results = await all(publish(channel, items));
    for (const { refused } of results.slice(0, 3)) expect(refused).toMatchObject({ code: 'invalid', field: 'key' });
    expect(results[3]?.published).toMatchObject({ duplicate: false });
    expect(server.stored.size).toBe(1);
  });

  it('thousands that are all refused here come to an end', async () => {
    const { server, channel } = await start();
    const results = await all(
      publish(
        channel,
        drafts(5000, () => ''),
      ),
    );
    expect(results.filter(({ refused }) => refused)).toHaveLength(5000);
    expect(server.stored.size).toBe(0);
  });

  it('streams that break, with acknowledgements lost, leave one result a draft and one article a key', async () => {
    const { server, channel } = await start({ breakAfter: (stream) => (stream < 6 ? 300 : undefined) });
    const results = await all(publish(channel, drafts(2000)));
    expect(keysOf(results)).toEqual(keys(2000));
    expect(server.stored.size).toBe(2000);
    expect(server.streams).toBe(6);
    expect(results.some(({ published }) => published?.duplicate)).toBe(true);
  });

  it('a stream that answers no more is given up', async () => {
    const { server, channel } = await start({ isMute: (stream) => stream === 1 });
    expect(await all(publish(channel, drafts(10), { stallMs: 100 }))).toHaveLength(10);
    expect(server.streams).toBe(2);
  });

  it('a server that only breaks is unavailable in the end', async () => {
    const { server, channel } = await start({ breakAfter: () => 1 });
    await expect(all(publish(channel, drafts(10)))).rejects.toThrow(expect.objectContaining({ code: 'unavailable' }));
    expect(server.streams).toBe(8);
  });

  it('takes no more than what may wait, until results are read', async () => {
    const { channel } = await start();
    let taken = 0;
    function* counted(): Generator<PublishItem> {
      for (const item of drafts(100_000)) {
        taken += 1;
        yield item;
      }
    }
    const results = publish(channel, counted());
    for (let n = 0; n < 10; n += 1) await results.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBeLessThanOrEqual(2048 + 10 + 64);
    await results.return(undefined);
  });

  it('a slow source does not hold back what is there', async () => {
    const { channel } = await start();
    let more = (): void => undefined;
    const later = new Promise<void>((resolve) => {
      more = resolve;
    });
    async function* slow(): AsyncGenerator<PublishItem> {
      yield* drafts(3);
      await later;
      yield { key: 'last', draft: { topic: 'a', body: 'b' } };
    }
    const results = publish(channel, slow());
    for (const key of keys(3)) expect((await results.next()).value).toMatchObject({ key });
    more();
    expect(keysOf(await all(results))).toEqual(['last']);
  });

  it('a source that fails ends it with its own error', async () => {
    const { channel } = await start();
    async function* failing(): AsyncGenerator<PublishItem> {
      yield* drafts(3);
      throw new Error('the file cannot be read');
    }
    await expect(all(publish(channel, failing()))).rejects.toThrow('the file cannot be read');
  });

  it('the signal ends it', async () => {
    const { channel } = await start();
    const ended = new AbortController();
    const results = publish(channel, drafts(100_000), { signal: ended.signal });
    await results.next();
    ended.abort();
    await expect(all(results)).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }));
  });
});
