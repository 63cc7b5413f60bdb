import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TestNetwork } from '../support/network.js';
import { key, Pty } from '../support/pty.js';

const network = new TestNetwork();
const menu = '6. Quit';
let open: Pty | undefined;

beforeAll(async () => {
  await network.start(['Othello']);
  await network.startServer('Hamlet', { topics: ['theatre', 'chess'] });
}, 30_000);
afterEach(async () => {
  await open?.close();
});
afterAll(() => network.stop());

async function client(member: string): Promise<Pty> {
  open = new Pty(['client'], { registry: network.registry, home: `${network.folder}/${member}` });
  await open.until(menu);
  return open;
}

async function choose(pty: Pty, entry: number, until: string): Promise<string> {
  // The first is where the mark is already.
  if (entry > 1) await pty.type(String(entry), `❯ ${entry}.`);
  return pty.type(key.enter, until);
}

async function join(pty: Pty, server: string, as: string): Promise<void> {
  await choose(pty, 1, 'back to the menu');
  // Hamlet is the first, where the mark is already.
  if (server !== 'Hamlet') await pty.type(server, `❯ ${server}`);
  await pty.type(key.enter, 'Your name there');
  await pty.type(`${as}${key.enter}`, `joined ${server} as ${as}`);
  await pty.until(menu);
}

describe('S0.12 the menu', () => {
  it('S0.3 shows the servers as it starts, and the four entries of old first, in their order', async () => {
    open = new Pty(['client'], { registry: network.registry, home: `${network.folder}/first` });
    const shown = await open.until(menu);
    expect(shown).toMatch(/Hamlet +localhost:\d+ +– +0 articles +0 members +theatre, chess/);
    const entries = [...shown.matchAll(/\d\. ([A-Z][a-z]+(?: [A-Z][a-z]+)?)/g)].map((match) => match[1]);
    expect(entries).toEqual(['Join Server', 'Leave Server', 'Get Articles', 'Publish Article', 'Servers', 'Quit']);
    await open.type('6', '❯ 6.');
    expect(await open.end(key.enter)).toBe(0);
  });

  it('S0.5 joins and leaves; a name that is none is asked again, one in use is a sentence and the menu', async () => {
    const pty = await client('ada');
    expect(await choose(pty, 2, menu)).toContain('you have joined no community yet');
    await choose(pty, 1, 'back to the menu');
    await pty.type(key.enter, 'Your name there');
    expect(await pty.type(`a:b${key.enter}`, '> your name')).toContain('holds one of : / \\');
    await pty.type(key.ctrlU, 'Your name there');
    await pty.type(`ada${key.enter}`, 'joined Hamlet as ada');
    await pty.until(menu);
    const other = new Pty(['client'], { registry: network.registry, home: `${network.folder}/other` });
    await other.until(menu);
    await choose(other, 1, 'back to the menu');
    await other.type(key.enter, 'Your name there');
    expect(await other.type(`ada${key.enter}`, menu)).toContain('moot: cannot join: ');
    await other.close();
    expect(await choose(pty, 5, 'back to the menu')).toMatch(/❯ Hamlet +localhost:\d+ +joined/);
    expect(await pty.type(key.enter, 'who may link')).toContain('theatre, chess');
    await pty.type(key.escape, menu);
    await choose(pty, 2, '❯ Hamlet');
    await pty.type(key.enter, 'left Hamlet, where you were ada');
  }, 60_000);

  it('S0.7 S0.8 publishes, reads, replies; every wrong answer is asked again with its reason', async () => {
    const pty = await client('grace');
    await join(pty, 'Hamlet', 'grace');
    await choose(pty, 4, '❯ Hamlet');
    await pty.type(key.enter, 'Topic (theatre, chess)');
    await pty.type(`Big Topic${key.enter}`, 'is not a topic');
    await pty.type(key.ctrlU, 'Topic');
    await pty.type(`weather${key.enter}`, 'topic weather is not taken here');
    await pty.type(key.ctrlU, 'Topic');
    await pty.type(`chess${key.enter}`, 'Title');
    await pty.type(`${'x'.repeat(301)}${key.enter}`, 'title has 301 characters; the limit is 300');
    await pty.type(key.ctrlU, 'Title');
    await pty.type(`An opening${key.enter}`, 'Author (blank: grace)');
    await pty.type(` ${key.enter}`, 'author is blank');
    await pty.type(key.ctrlU, 'Author');
    await pty.type(key.enter, 'single dot');
    await pty.type(`.${key.enter}`, 'body is required');
    await pty.type(`First line${key.enter}Second line${key.enter}.${key.enter}`, 'in Hamlet');
    await pty.until(menu);

    await choose(pty, 3, '❯ Hamlet');
    await pty.type(key.enter, 'Topic (blank: any)');
    await pty.type(`Big${key.enter}`, 'is not a topic');
    await pty.type(key.ctrlU, 'Topic');
    await pty.type(`chess${key.enter}`, 'Author (blank: any)');
    await pty.type(`grace${key.enter}`, 'Date, on or after');
    await pty.type(`2026-02-30${key.enter}`, '"2026-02-30" is not a date');
    await pty.type(key.ctrlU, 'Date');
    await pty.type(`2026-01-01${key.enter}`, 'Words');
    await pty.type(`...${key.enter}`, 'holds no word');
    await pty.type(key.ctrlU, 'Words');
    expect(await pty.type(`second${key.enter}`, '❯ 1. An opening — Hamlet, grace')).toContain(
      '1 article; 1 of 1 community answered',
    );
    expect(await pty.type(key.enter, 'And then?')).toMatch(/First line\r*\n *Second line/);
    await pty.type('2', '❯ 2. reply');
    await pty.type(key.enter, 'Topic (blank: chess)');
    await pty.type(key.enter, 'Title');
    await pty.type(`The answer${key.enter}`, 'Author');
    await pty.type(key.enter, 'single dot');
    await pty.type(`the second word of it${key.enter}`, 'it');
    await pty.type(key.ctrlD, 'published: ');
    await pty.until('Read which article?');
    await pty.type('2', '❯ 2. refresh');
    expect(await pty.type(key.enter, '❯ 1. The answer')).toContain('2 articles; ');
    expect(await pty.type(key.enter, 'And then?')).toContain('answers ');
  }, 60_000);

  it('pages through more articles than one page holds', async () => {
    const moot = await network.connect();
    const writer = await moot.join('Othello', { as: 'writer' });
    for (let at = 1; at <= 12; at += 1) await writer.publish({ topic: 'a', title: `Number ${at}.`, body: 'b' });
    await moot.close();
    const pty = await client('reader');
    await join(pty, 'Othello', 'reader');
    await choose(pty, 3, '❯ Othello');
    await pty.type(key.enter, 'Topic');
    await pty.type(key.enter, 'Author');
    await pty.type(key.enter, 'Date');
    await pty.type(key.enter, 'Words');
    const first = await pty.type(key.enter, 'next page');
    expect(first).toContain('10 articles; 1 of 1 community answered');
    expect(first).toContain('Number 12.');
    await pty.type(key.down.repeat(10), '❯ 11. next page');
    expect(await pty.type(key.enter, 'back to the menu')).toMatch(/2 articles;.*Number 2\..*Number 1\./s);
    await pty.type('4', '❯ 4. back');
    await pty.type(key.enter, menu);
  }, 60_000);
});
