import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Community } from '../../src/client/index.js';
import { TestNetwork } from '../support/network.js';
import { key, Pty } from '../support/pty.js';

const network = new TestNetwork();
const open: Pty[] = [];
let port = '';
let writer: Community;

beforeAll(async () => {
  await network.start([]);
  const { address } = await network.startServer('Hamlet');
  port = address.split(':')[1] ?? '';
  writer = await (await network.connect()).join('Hamlet', { as: 'writer' });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((pty) => pty.close()));
});
afterAll(() => network.stop());

async function shell(home: string, ...args: string[]): Promise<Pty> {
  const pty = new Pty(['shell', ...args], { registry: network.registry, home: `${network.folder}/${home}` });
  open.push(pty);
  await pty.until('moot> ');
  return pty;
}

async function connected(name: string, home = name): Promise<Pty> {
  const pty = await shell(home);
  await pty.type(`CONNECT ${port} ${name}${key.enter}`, `${name}@Hamlet> `);
  return pty;
}

describe('the shell', () => {
  it('S2.1 S3.1 verbs in any case; each is acknowledged, a subscription with its count', async () => {
    const pty = await shell('ada');
    expect(await pty.type(`-h${key.enter}`, 'QUIT')).toContain('CONNECT port name');
    expect(await pty.type(`status${key.enter}`, '\n')).toBeDefined();
    await pty.until('not connected');
    await pty.type(`connect ${port} ada${key.enter}`, 'OK connected to Hamlet as ada');
    await pty.type(`Subscribe sports${key.enter}`, 'OK sports, 1 subscriber');
    const other = await connected('bea');
    await other.type(`SUBSCRIBE sports.chess${key.enter}`, 'OK sports.chess, 2 subscribers');
    await other.type(`publish sports.chess 1. b4${key.enter}`, '[sports.chess] bea: 1. b4');
    await pty.until('[sports.chess] bea: 1. b4');
    expect(await pty.type(`STATUS${key.enter}`, 'sports: 2 subscribers')).toContain('connected to Hamlet');
    await pty.type(`unsubscribe sports${key.enter}`, 'OK sports, no longer');
    await pty.type(`UNSUBSCRIBE sports${key.enter}`, 'you are not subscribed to sports');
    await other.type(`PUBLISH sports.chess unheard${key.enter}`, '[sports.chess] bea: unheard');
    expect(await pty.type(`status${key.enter}`, 'you are subscribed to nothing')).not.toContain('unheard');
    await pty.type(`disconnect${key.enter}`, 'OK disconnected');
    expect(await pty.end(`quit${key.enter}`)).toBe(0);
  });

  it('S3.8 an unknown command is refused by its name, and nothing else is touched', async () => {
    const pty = await connected('cleo');
    await pty.type(`SUBSCRIBE calm${key.enter}`, 'OK calm');
    await pty.type(`SUBSCRIB calm${key.enter}`, 'moot: unknown command "SUBSCRIB"');
    await pty.until('try: SUBSCRIBE topic');
    await pty.type(`PUBLISH calm${key.enter}`, 'try: PUBLISH topic data');
    await pty.type(`PUBLISH sp*rts x${key.enter}`, 'is not a topic');
    await writer.publish({ topic: 'calm', body: 'still here' });
    await pty.until('[calm] writer: still here');
    await pty.type(`DISCONNECT${key.enter}`, 'OK');
    await pty.type(`PUBLISH calm x${key.enter}`, 'you are not connected');
  });

  it('S2.1 what arrives stands above the line that is typed, however long that is, and leaves it whole', async () => {
    const pty = await connected('dora');
    await pty.type(`SUBSCRIBE news${key.enter}`, 'OK news');
    const words = Array.from({ length: 60 }, (_, at) => `word${at}`).join(' ');
    await pty.type(`PUBLISH other ${words}`, 'word59');
    await writer.publish({ topic: 'news', body: 'first line\nsecond line' });
    await pty.until('second line');
    // In the middle of the line, and in its first row.
    pty.press(key.left.repeat(350));
    await pty.type('!', '!');
    await writer.publish({ topic: 'news', body: 'one more' });
    await pty.until('one more');
    await pty.type('?', '!?');
    await pty.type(key.enter, 'OK ');
    const { screen } = pty;
    const at = screen.indexOf('[news] writer: first line');
    expect(screen.slice(at, at + 3)).toEqual(['[news] writer: first line', '  second line', '[news] writer: one more']);
    const typed =
      screen
        .slice(at + 3, at + 7)
        .join('')
        .split('OK')[0] ?? '';
    const sent = `${words.slice(0, 59)}!?${words.slice(59)}`;
    // Spaces at the end of a row are not to be seen.
    expect(typed.replaceAll(' ', '')).toBe(`dora@Hamlet> PUBLISH other ${sent}`.replaceAll(' ', ''));
    expect(screen.filter((line) => line.includes('PUBLISH other'))).toHaveLength(1);
    const answer = writer.query({ topics: ['other'] });
    for await (const { body } of answer) expect(body).toBe(sent);
    expect((await answer.report).rows[0]?.articles).toBe(1);
  });

  it('S2.1 the arrow brings back what was typed, in the next run too; tab completes verbs and topics', async () => {
    const first = await connected('elsa');
    await first.type(`SUBSCRIBE long.topic.name${key.enter}`, 'OK long.topic.name');
    expect(await first.end(`QUIT${key.enter}`)).toBe(0);
    const pty = await shell('elsa');
    await pty.type(key.up, 'QUIT');
    await pty.type(key.up, 'SUBSCRIBE long.topic.name');
    await pty.type(key.up, `CONNECT ${port} elsa`);
    await pty.type(key.enter, 'your subscriptions are back: long.topic.name');
    await pty.type(`unsu${key.tab}`, 'UNSUBSCRIBE ');
    await pty.type(`lo${key.tab}`, 'long.topic.name');
    await pty.type(key.enter, 'OK long.topic.name, no longer');
  });

  it('S2.2 a name in use is a sentence; the one whose it is comes back under it', async () => {
    const pty = await connected('fay', 'fay-home');
    const other = await shell('other-home');
    await other.type(`CONNECT ${port} fay${key.enter}`, 'moot: the name fay is in use in Hamlet');
    await other.type(`CONNECT ${port} gina${key.enter}`, 'OK connected to Hamlet as gina');
    await other.type(`CONNECT ${port} hana${key.enter}`, 'you are connected to Hamlet as gina');
    expect(await pty.end(key.ctrlD)).toBe(0);
    await connected('fay', 'fay-home');
  });

  it('S2.3 whoever vanished gets the subscriptions back, and all that came, in order, over any size', async () => {
    const pty = await connected('ines');
    await pty.type(`SUBSCRIBE kept${key.enter}`, 'OK kept');
    await pty.type(`SUBSCRIBE also.kept${key.enter}`, 'OK also.kept');
    await pty.close();
    const long = 'x'.repeat(1000);
    const numbers = Array.from({ length: 40 }, (_, at) => at);
    for (const at of numbers) await writer.publish({ topic: at % 2 ? 'kept' : 'also.kept', body: `${at} ${long}` });
    await writer.publish({ topic: 'not.kept', body: 'unheard' });
    const back = await shell('ines');
    const told = await back.type(`CONNECT ${port} ines${key.enter}`, '40 articles that you missed are above');
    expect(told).toContain('your subscriptions are back: kept, also.kept');
    expect([...told.matchAll(/writer: (\d+) x/g)].map((match) => Number(match[1]))).toEqual(numbers);
    expect(told).not.toContain('unheard');
    await writer.publish({ topic: 'kept', body: 'and on' });
    await back.until('[kept] writer: and on');
    expect(await back.end(`QUIT${key.enter}`)).toBe(0);
    const again = await shell('ines');
    expect(await again.type(`CONNECT ${port} ines${key.enter}`, 'you missed nothing')).not.toContain('and on');
  });

  it('S3.2 a new topic begins now, though others go on from before', async () => {
    await writer.publish({ topic: 'old', body: 'before' });
    const pty = await connected('jane');
    await pty.type(`SUBSCRIBE first${key.enter}`, 'OK first');
    await writer.publish({ topic: 'old', body: 'before too' });
    await pty.type(`SUBSCRIBE old${key.enter}`, 'OK old');
    await writer.publish({ topic: 'old', body: 'after' });
    const told = await pty.until('[old] writer: after');
    expect(told).not.toContain('before');
    await pty.close();
    const back = await shell('jane');
    expect(await back.type(`CONNECT ${port} jane${key.enter}`, 'back; ')).not.toContain('before');
  });

  it('S2.4 DISCONNECT forgets the subscriptions at once', async () => {
    const pty = await connected('kira');
    await pty.type(`SUBSCRIBE gone${key.enter}`, 'OK gone');
    await pty.type(`DISCONNECT${key.enter}`, 'your subscriptions are forgotten');
    await pty.close();
    const back = await shell('kira');
    await writer.publish({ topic: 'gone', body: 'unheard' });
    await back.type(`CONNECT ${port} kira${key.enter}`, 'kira@Hamlet> ');
    const told = await back.type(`STATUS${key.enter}`, 'you are subscribed to nothing');
    expect(told).not.toContain('unheard');
  });

  it('ends with 130 at Ctrl-C', async () => {
    const pty = await connected('lena');
    expect(await pty.end(key.ctrlC)).toBe(130);
  });
});
