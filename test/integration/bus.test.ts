import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { LocalBus } from '../../src/bus/local.js';
import { NatsBus } from '../../src/bus/nats.js';
import { parseNatsUrl } from '../../src/bus/nats-url.js';
import { openBus } from '../../src/bus/open-bus.js';
import type { Bus } from '../../src/core/bus.js';
import { systemClock } from '../../src/core/clock.js';
import { busContract } from '../support/bus-contract.js';
import { freePort } from '../support/free-port.js';
import { TestNats } from '../support/nats.js';
import { itWithNats } from '../support/with-own.js';

let shared: Promise<TestNats> | undefined;
const ofAll = (): Promise<TestNats> => {
  shared ??= TestNats.start();
  return shared;
};
afterAll(async () => (await shared)?.kill());

const open = async (nats: TestNats, community: string, onChange: (isUp: boolean, text: string) => void = () => {}) =>
  openBus(nats.url, { community, clock: systemClock, onChange });

busContract('local:', async () => new LocalBus());
busContract('nats:', async (community) => open(await ofAll(), community), itWithNats as typeof it);

const bytes = (word: string): Uint8Array => new TextEncoder().encode(word);

describe('a bus over NATS', () => {
  const opened: Bus[] = [];
  const own: TestNats[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((bus) => bus.close()));
    await Promise.all(own.splice(0).map((nats) => nats.kill()));
  });

  /** Resolves once `hear` has heard what `ring` publishes; a bell may be lost, so it is rung until then. */
  async function rungUntilHeard(ring: Bus, hear: Bus): Promise<void> {
    const heard = new AbortController();
    const stop = hear.subscribe('bell', () => heard.abort());
    while (!heard.signal.aborted) {
      ring.publish('bell', bytes('x'));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    stop();
  }

  itWithNats('N10 what one replica publishes the others hear, and no other community does', async () => {
    const nats = await ofAll();
    const [one, two, other] = await Promise.all([open(nats, 'ours'), open(nats, 'ours'), open(nats, 'theirs')]);
    opened.push(one, two, other);
    const strange: string[] = [];
    other.subscribe('bell', () => strange.push('heard'));
    await rungUntilHeard(one, two);
    const done = new Promise<void>((resolve) => other.subscribe('end', () => resolve()));
    other.publish('end', bytes(''));
    await done;
    expect(strange).toEqual([]);
  });

  itWithNats('N10 a NATS that is killed and comes back is used again, and each change is said once', async () => {
    const nats = await TestNats.start();
    own.push(nats);
    const said: string[] = [];
    const [one, two] = [await open(nats, 'c', (_, text) => said.push(text)), await open(nats, 'c')];
    opened.push(one, two);
    for (let times = 1; times <= 2; times += 1) {
      await rungUntilHeard(one, two);
      await nats.kill();
      while (one.isUp || two.isUp) await new Promise((resolve) => setTimeout(resolve, 10));
      one.publish('bell', bytes('lost'));
      await nats.again();
      await rungUntilHeard(one, two);
      expect(said).toHaveLength(2 * times);
    }
    expect(said[0]).toContain(`nats://127.0.0.1:${nats.port} is away`);
    expect(said[1]).toContain('is there again');
  });

  itWithNats('N10 one that is away at first is no error: it is said once, and heard when it is there', async () => {
    const port = await freePort();
    const said: string[] = [];
    const url = `nats://ada:s3cret@127.0.0.1:${port}`;
    const options = { community: 'c', clock: systemClock, onChange: (_: boolean, text: string) => said.push(text) };
    const bus = await openBus(url, options);
    opened.push(bus);
    expect(bus.isUp).toBe(false);
    expect(said).toHaveLength(1);
    expect(said.join()).not.toContain('s3cret');
    bus.publish('bell', bytes('lost'));
    await bus.close();
    expect(said).toHaveLength(1);
  });

  itWithNats('N10 a message that is larger than NATS takes is not sent, and costs nothing else', async () => {
    const bus = await open(await ofAll(), 'large');
    opened.push(bus);
    const heard: number[] = [];
    const small = new Promise<void>((resolve) =>
      bus.subscribe('bell', ({ length }) => {
        heard.push(length);
        if (length === 1) resolve();
      }),
    );
    bus.publish('bell', new Uint8Array(2 * 1024 * 1024));
    bus.publish('bell', bytes('x'));
    await small;
    expect(heard).toEqual([1]);
    expect(bus).toBeInstanceOf(NatsBus);
  });

  itWithNats('a NATS with a password is joined with it', async () => {
    const nats = await TestNats.start('--user', 'ada', '--pass', 's3:cr@t');
    own.push(nats);
    const said: string[] = [];
    const onChange = (_: boolean, text: string): number => said.push(text);
    const at = (secret: string): Promise<Bus> =>
      openBus(`nats://${secret}@127.0.0.1:${nats.port}`, { community: 'c', clock: systemClock, onChange });
    const bus = await at(`ada:${encodeURIComponent('s3:cr@t')}`);
    opened.push(bus);
    expect(bus.isUp).toBe(true);
    const stranger = await at('ada:wrong');
    opened.push(stranger);
    expect(stranger.isUp).toBe(false);
    expect(said.join()).not.toContain('wrong');
  });
});

describe('the address of a bus', () => {
  it('is HOST:PORT, several of them, with or without a secret', () => {
    const none = { user: undefined, pass: undefined, token: undefined, tls: false };
    expect(parseNatsUrl('nats://localhost')).toEqual({ ...none, servers: ['localhost:4222'] });
    expect(parseNatsUrl('nats://a:1,b:2/')).toEqual({ ...none, servers: ['a:1', 'b:2'] });
    expect(parseNatsUrl('tls://t0ken@a')).toEqual({ ...none, servers: ['a:4222'], token: 't0ken', tls: true });
    expect(parseNatsUrl('nats://u:p%40q@a:1')).toEqual({ ...none, servers: ['a:1'], user: 'u', pass: 'p@q' });
  });

  it.each([
    'nats://',
    'nats:localhost',
    'redis://x',
    'nats://u:p4ss@',
    'nats://u:p4ss@a:b',
    'nats://u:p4ss%@a',
    'x:p4ss@y',
  ])('%s is refused, with what to write instead and without what is secret', async (url) => {
    const refused = openBus(url, { community: 'c', clock: systemClock, onChange: () => undefined });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid',
      field: 'bus',
      hint: expect.stringContaining('nats://'),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('p4ss') });
  });
});
