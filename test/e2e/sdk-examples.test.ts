import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Conversation } from '../support/conversation.js';
import { type Daemon, Processes } from '../support/processes.js';

const network = new Processes();
let registry: Daemon;
let web: Server;
let feed = readFileSync('test/fixtures/import/allotment.rss', 'utf8').replace(
  'the day after tomorrow',
  'Wed, 08 May 2024 06:00:00 GMT',
);

beforeAll(async () => {
  registry = await network.startRegistry();
  await network.startServer('Hamlet');
  await network.ok('join', 'Hamlet', '--as', 'ada');
  web = createServer((_, response) => response.end(feed)).listen(0, '127.0.0.1');
  await once(web, 'listening');
}, 60_000);
afterAll(async () => {
  web.close();
  await network.close();
});

function example(name: string, ...args: string[]): Conversation {
  const env = {
    ...process.env,
    MOOT_REGISTRY: registry.address,
    BOT_HOME: join(network.folder, 'bot'),
    BRIDGE_HOME: join(network.folder, 'bridge'),
  };
  return new Conversation(
    spawn(process.execPath, [join(process.cwd(), 'docs/examples', name), ...args], { env, stdio: 'pipe' }),
  );
}

describe('the examples of the SDK run as they are written', () => {
  it('a bridge from RSS publishes what a feed has, each entry once', async () => {
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/feed.xml`;
    const run = async (): Promise<readonly string[]> => {
      const bridge = example('rss-bridge.mjs', 'Hamlet', 'garden', url);
      await bridge.ended;
      return bridge.lines;
    };
    expect(await run()).toEqual(['4 published, 0 known, 0 refused']);
    feed = feed.replace(
      '</channel>',
      '<item><guid>new</guid><title>New</title><link>https://a.example</link></item></channel>',
    );
    expect(await run()).toEqual(['1 published, 4 known, 0 refused']);
    const found = await network.ok('query', 'Hamlet', '--topic', 'garden', '--author', 'Wren Halloran');
    expect(found[0]).toMatchObject({ publishedAt: '2024-05-10T16:30:00.000Z', member: 'rss-bridge' });
  }, 90_000);

  it('a bot answers each question once, also what was asked while it was away', async () => {
    const ask = (body: string) => network.ok('publish', 'Hamlet', '--topic', 'garden', '--body', body);
    const answers = async (): Promise<readonly unknown[]> =>
      (await network.ok('query', 'Hamlet', '--author', 'answering-bot'))
        .filter(({ type }) => type === 'article')
        .map(({ replyTo }) => replyTo);
    const bot = example('answering-bot.mjs', 'Hamlet');
    await bot.until('listening in Hamlet as answering-bot');
    const [first] = await ask('moot?');
    await bot.until('answered ada');
    expect(await answers()).toEqual([first?.id]);
    await bot.end('SIGINT');
    const [second] = await ask('And now, moot?');
    const again = example('answering-bot.mjs', 'Hamlet');
    await again.until('answered ada');
    expect(await answers()).toEqual([second?.id, first?.id]);
    await again.end('SIGINT');
  }, 90_000);
});
