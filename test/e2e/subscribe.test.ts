import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Community, connect, type Draft, type Moot, type Published } from '../../src/client/index.js';
import type { Conversation } from '../support/conversation.js';
import { type Line, Processes } from '../support/processes.js';

const network = new Processes();
const server = 'Hamlet';
let moot: Moot;
let ada: Community;
beforeAll(async () => {
  const { address: registry } = await network.startRegistry();
  await network.startServer(server, '--store', 'memory:');
  moot = await connect({ registry, home: network.home });
  ada = await moot.join(server, { as: 'ada' });
});
afterAll(async () => {
  await moot.close();
  await network.close();
});

async function publish(topic: string, body: string, more: Partial<Draft> = {}): Promise<Published> {
  return ada.publish({ topic, body, ...more });
}

const objects = ({ lines }: Conversation): Line[] => lines.map((line) => JSON.parse(line) as Line);
const bodies = (lines: readonly Line[]): unknown[] => lines.filter(({ type }) => type === 'article').map((a) => a.body);

async function follow(...args: string[]): Promise<Conversation> {
  const feed = network.converse('subscribe', server, '--json', ...args);
  await feed.until('"caughtUp"');
  return feed;
}

describe('moot subscribe', () => {
  it('S3.1 S3.2 tells how many listen, its topics and no others, and nothing from before', async () => {
    await publish('sports', 'before');
    const first = await follow('--topic', 'sports');
    const second = await follow('--topic', 'sports.chess', '--topic', 'go', '--author', 'ada');
    expect(objects(first)[0]).toEqual({ type: 'accepted', subscribers: 1, notFed: [] });
    expect(objects(second)[0]).toEqual({ type: 'accepted', subscribers: 2, notFed: [] });
    await publish('theatre', 'not asked for');
    await publish('go', 'by another', { author: 'bea' });
    const { id, seq } = await publish('sports.chess', 'heard by both', { title: 'A title' });
    for (const feed of [first, second]) {
      await feed.until('heard by both');
      expect(bodies(objects(feed))).toEqual(['heard by both']);
    }
    expect(objects(first).find(({ type }) => type === 'article')).toMatchObject({
      id,
      seq: String(seq),
      epoch: '1',
      originName: 'Hamlet',
      topic: 'sports.chess',
      author: 'ada',
      member: 'ada',
      title: 'A title',
      replyTo: null,
      live: true,
    });
    expect(await first.end('SIGINT')).toBe(130);
    expect(objects(first).at(-1)).toEqual({ type: 'cursor', cursor: expect.stringMatching(/^c1/) });
    await second.end('SIGTERM');
  });

  it('--from beginning, --count and a cursor: what is shown is shown once, and goes on where it ended', async () => {
    for (const at of [1, 2, 3]) await publish('series', `number ${at}`);
    const topic = ['--topic', 'series', '--json'];
    const first = await network.here(['subscribe', server, ...topic, '--from', 'beginning', '--count', '2']);
    expect(first.status).toBe(0);
    expect(bodies(first.lines)).toEqual(['number 1', 'number 2']);
    expect(first.lines.find(({ type }) => type === 'article')).toMatchObject({ live: false });
    const cursor = String(first.lines.at(-1)?.cursor);
    const next = await network.here(['subscribe', server, ...topic, '--from', cursor, '--count', '1']);
    expect(bodies(next.lines)).toEqual(['number 3']);
  });

  it('--from @FILE keeps the cursor: nothing is missed or shown again from run to run', async () => {
    const file = join(network.folder, 'kept.cursor');
    await publish('kept', 'before the first run');
    const first = await follow('--topic', 'kept', '--from', `@${file}`);
    await publish('kept', 'one');
    await first.until('"one"');
    expect(await first.end('SIGINT')).toBe(130);
    expect(bodies(objects(first))).toEqual(['one']);
    expect(readFileSync(file, 'utf8')).toBe(`${String(objects(first).at(-1)?.cursor)}\n`);
    await publish('kept', 'two');
    const second = await follow('--topic', 'kept', '--from', `@${file}`);
    await publish('kept', 'three');
    await second.until('"three"');
    await second.end('SIGKILL');
    expect(bodies(objects(second))).toEqual(['two', 'three']);
    await publish('kept', 'four');
    const third = await follow('--topic', 'kept', '--from', `@${file}`);
    await third.until('"four"');
    // Killed without a word, so what it had not saved is shown again; nothing is missed.
    expect(['two three four', 'three four', 'four']).toContain(bodies(objects(third)).join(' '));
    await third.end('SIGTERM');
  });

  it('for people: articles as query shows them on stdout, all else on stderr', async () => {
    const feed = network.converse('subscribe', server, '--topic', 'people');
    await feed.until('caught up; what follows is new');
    await publish('people', 'The body', { title: 'The title' });
    await feed.until('The body');
    expect(feed.stdout).toMatch(
      /^The title\nHamlet · people · ada · \d{4}-\d\d-\d\d \d\d:\d\d · [0-9a-v]{12}\n {2}The body\n\n$/,
    );
    expect(feed.stderr).toContain('following Hamlet, 1 subscriber\n');
    await feed.end('SIGINT');
    expect(feed.stderr).toMatch(/to go on from here: --from c1[0-9a-v]+\n$/);
  });

  it('what cannot be meant is bad usage; a file that holds no cursor is damage, and stays as it is', async () => {
    const status = async (...args: string[]): Promise<unknown> =>
      (await network.here(['subscribe', server, ...args])).status;
    expect(await status('--from', 'begining')).toBe(2);
    expect((await network.here(['subscribe', server, '--from', 'begining'])).stderr).toContain('try: beginning\n');
    expect(await status('--from', '@')).toBe(2);
    expect(await status('--count', '0')).toBe(2);
    expect(await status('--topic', 'Sports')).toBe(2);
    const file = join(network.folder, 'damaged.cursor');
    writeFileSync(file, 'c1abc');
    expect(await status('--from', `@${file}`)).toBe(65);
    expect(readFileSync(file, 'utf8')).toBe('c1abc');
    expect(existsSync(`${file}.tmp`)).toBe(false);
  });
});

describe('moot retract', () => {
  it('takes one’s own article back: it is gone from answers, and feeds say so', async () => {
    const feed = await follow('--topic', 'slip');
    const { id, origin } = await publish('slip', 'a mistake');
    const [done] = await network.ok('retract', server, id, '--reason', 'said twice');
    expect(Object.keys(done ?? {})).toEqual(['id', 'seq']);
    await feed.until('"retracted"');
    const told = objects(feed).find(({ type }) => type === 'retracted');
    expect(told).toEqual({ type: 'retracted', id: done?.id, origin, epoch: '1', seq: done?.seq, retracts: id });
    expect(bodies(await network.ok('query', server, '--topic', 'slip'))).toEqual([]);
    await feed.end('SIGTERM');
    const again = await network.here(['retract', server, id]);
    expect(again.status).toBe(0);
    expect(again.stdout).toContain('taken back before');
  });

  it('needs the operator’s token for what somebody else published', async () => {
    const { id } = await publish('others', 'by ada');
    const home = join(network.folder, 'bea');
    await network.ok('join', server, '--as', 'bea', '--home', home);
    const denied = await network.here(['retract', server, id, '--home', home]);
    expect(denied.status).toBe(1);
    expect(denied.stderr).toMatch(/^moot: cannot retract in Hamlet: /);
    const tokenFile = join(network.folder, 'Hamlet', 'operator.token');
    const operator = ['--operator-token-file', tokenFile, '--home', home];
    expect(await network.ok('retract', server, id, ...operator)).toHaveLength(1);
    expect(bodies(await network.ok('query', server, '--topic', 'others'))).toEqual([]);
  });

  it('of what is no id is bad usage', async () => {
    expect((await network.here(['retract', server, 'abc'])).status).toBe(2);
  });
});

describe('moot publish --every', () => {
  it('S3.5 publishes one article a tick, numbered, and says each as it is acknowledged', async () => {
    const beganAt = performance.now();
    const series = ['--every', '250ms', '--count', '3'];
    const lines = await network.ok('publish', server, '--topic', 'tick', '--body', 'Number {n}', ...series);
    expect(performance.now() - beganAt).toBeGreaterThan(500);
    expect(lines.map(({ duplicate }) => duplicate)).toEqual([false, false, false]);
    const found = await network.ok('query', server, '--topic', 'tick');
    expect(bodies(found)).toEqual(['Number 3', 'Number 2', 'Number 1']);
  });

  it('the same series with the same key adds nothing', async () => {
    const args = ['--topic', 'once', '--body', 'x', '--every', '1ms', '--count', '2', '--key', 'k'];
    const first = await network.ok('publish', server, ...args);
    const again = await network.ok('publish', server, ...args);
    expect(again.map(({ id, duplicate }) => ({ id, duplicate }))).toEqual(
      first.map(({ id }) => ({ id, duplicate: true })),
    );
  });
});
