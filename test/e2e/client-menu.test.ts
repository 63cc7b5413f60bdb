import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { choose, Menus, menu, narrow } from '../support/menu.js';
import { TestNetwork } from '../support/network.js';
import { key, type Pty } from '../support/pty.js';

const network = new TestNetwork();
const menus = new Menus();

beforeAll(async () => {
  await network.start(['Othello']);
  await network.startServer('Hamlet', { topics: ['theatre', 'chess'] });
});
afterEach(() => menus.close());
afterAll(() => network.stop());

function client(member: string): Promise<Pty> {
  return menus.start('client', { registry: network.registry, home: `${network.folder}/${member}` });
}

async function join(pty: Pty, server: string, as: string): Promise<void> {
  await choose(pty, 1, 'back to the menu');
  // Hamlet is the first, where the mark is already.
  if (server !== 'Hamlet') await narrow(pty, server, `❯ ${server}`);
  await pty.type(key.enter, 'Your name there');
  await pty.type(`${as}${key.enter}`, `joined ${server} as ${as}`);
  await pty.until(menu.client);
}

describe('S0.12 the menu', () => {
  it('S0.3 shows the servers as it starts, and the four entries of old first, in their order', async () => {
    const pty = menus.begin('client', { registry: network.registry, home: `${network.folder}/first` });
    const shown = await pty.until(menu.client);
    expect(shown).toMatch(/Hamlet +localhost:\d+ +– +0 articles +0 members +theatre, chess/);
    const old = ['Join Server', 'Leave Server', 'Get Articles', 'Publish Article'];
    const entries = [...shown.matchAll(/\d\. ([A-Z][a-z]+(?: [A-Z][a-z]+)?)/g)].map((match) => match[1]);
    expect(entries).toEqual([...old, 'Live Feed', 'Network Map', 'Servers', 'Members', 'Quit']);
    await pty.type('9', '❯ 9.');
    expect(await pty.end(key.enter)).toBe(0);
  });

  it('N9 draws the network map', async () => {
    const shown = await choose(await client('map'), 6, menu.client);
    expect(shown).toMatch(/Hamlet +localhost:\d+ +0 +0 +→ nobody/);
    expect(shown).toContain('cut points: none; whoever is lost, nobody else is cut off');
  });

  it('S0.5 joins and leaves; a name that is none, or in use, is asked again with the reason', async () => {
    const pty = await client('ada');
    expect(await choose(pty, 2, menu.client)).toContain('you have joined no community yet');
    await choose(pty, 1, 'back to the menu');
    await pty.type(key.enter, 'Your name there');
    const wrong = [
      ['a:b', 'holds one of : / \\'],
      ['x'.repeat(65), 'your name has 65 characters; the limit is 64'],
      ['...', 'has nothing but dots'],
      ['a\u0085b', 'your name holds the control character U+0085'],
    ] as const;
    for (const [name, why] of wrong) {
      await pty.type(`${name}${key.enter}`, why);
      await pty.type(key.ctrlU, 'Your name there');
    }
    await pty.type(`ada${key.enter}`, 'joined Hamlet as ada');
    await pty.until(menu.client);
    const other = await client('other');
    await choose(other, 1, 'back to the menu');
    await other.type(key.enter, 'Your name there');
    await other.type(`ada${key.enter}`, 'the name ada is in use here; choose another one');
    await other.until('Your name there');
    await other.type(`bea${key.enter}`, 'joined Hamlet as bea');
    expect(await choose(pty, 7, 'back to the menu')).toMatch(/❯ Hamlet +localhost:\d+ +joined/);
    expect(await pty.type(key.enter, 'who may link')).toContain('theatre, chess');
    await pty.type(key.escape, menu.client);
    await choose(pty, 2, '❯ Hamlet');
    await pty.type(key.enter, 'left Hamlet, where you were ada');
  });

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
    await pty.type(`bad\u0090title${key.enter}`, 'title holds the control character U+0090');
    await pty.type(key.ctrlU, 'Title');
    await pty.type(`${'x'.repeat(301)}${key.enter}`, 'title has 301 characters; the limit is 300');
    await pty.type(key.ctrlU, 'Title');
    await pty.type(`An opening${key.enter}`, 'Author (blank: grace)');
    await pty.type(` ${key.enter}`, 'author is blank');
    await pty.type(key.ctrlU, 'Author');
    await pty.type(`gr\u0085ace${key.enter}`, 'author holds the control character U+0085');
    await pty.type(key.ctrlU, 'Author');
    await pty.type(key.enter, 'single dot');
    for (const [body, why] of [
      ['', 'body is required'],
      [` ${key.enter}`, 'body is required'],
      [`a\u0090b${key.enter}`, 'body holds the control character U+0090'],
    ] as const) {
      await pty.type(`${body}.${key.enter}`, why);
      await pty.until('single dot');
    }
    await pty.type(`First line${key.enter}Second line${key.enter}.${key.enter}`, 'in Hamlet');
    await pty.until(menu.client);

    await choose(pty, 3, '❯ Hamlet');
    await pty.type(key.enter, 'Topic (blank: all)');
    await pty.type(`Big${key.enter}`, 'is not a topic');
    await pty.type(key.ctrlU, 'Topic');
    await pty.type(`chess${key.enter}`, 'Author (blank: all)');
    await pty.type(`grace${key.enter}`, 'Date, on or after');
    await pty.type(`2026-02-30${key.enter}`, '"2026-02-30" is not a date');
    await pty.type(key.ctrlU, 'Date');
    await pty.type(`2026-01-01${key.enter}`, 'Words');
    await pty.type(`...${key.enter}`, 'holds no word');
    await pty.type(key.ctrlU, 'Words');
    await pty.type(`second${key.enter}`, 'Articles on a page');
    for (const limit of ['0', '501', '-1', 'many', '1.5']) {
      await pty.type(`${limit}${key.enter}`, `from 1 to 500, not "${limit}"`);
      await pty.type(key.ctrlU, 'Articles on a page');
    }
    expect(await pty.type(key.enter, '❯ 1. An opening — Hamlet, grace')).toContain(
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
  });

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
    await pty.type(key.enter, 'Articles on a page (blank: 10)');
    const first = await pty.type(key.enter, 'next page');
    expect(first).toContain('10 articles; 1 of 1 community answered');
    expect(first).toContain('Number 12.');
    await pty.type(key.down.repeat(10), '❯ 11. next page');
    expect(await pty.type(key.enter, 'back to the menu')).toMatch(/2 articles;.*Number 2\..*Number 1\./s);
    await pty.type('3', '❯ 3. previous page');
    expect(await pty.type(key.enter, 'next page')).toMatch(/10 articles;.*Number 12\./s);
    await pty.type(key.escape, menu.client);
  });

  it('a body over the limit is refused with its size, and asked again', async () => {
    const pty = await client('verbose');
    await join(pty, 'Othello', 'verbose');
    await choose(pty, 4, '❯ Othello');
    await pty.type(key.enter, 'Topic');
    await pty.type(`a${key.enter}`, 'Title');
    await pty.type(key.enter, 'Author');
    await pty.type(key.enter, 'single dot');
    const page = `${'x'.repeat(99)}${key.enter}`.repeat(49);
    for (let at = 10; at < 65; at += 1) await pty.type(`${page}end of page ${at}${key.enter}`, `end of page ${at}`);
    await pty.type(`.${key.enter}`, 'body has 270324 bytes; the limit is 262144');
    await pty.until('single dot');
    await pty.type(`short${key.enter}.${key.enter}`, 'published: ');
  });

  it('S0.5 shows the members of a community, and whoever joins meanwhile', async () => {
    const pty = await client('host');
    await join(pty, 'Hamlet', 'zoe');
    await choose(pty, 8, '❯ Hamlet');
    await pty.type(key.enter, 'Members of Hamlet');
    await pty.until('back to the menu');
    const moot = await network.connect();
    await moot.join('Hamlet', { as: 'a newcomer' });
    await moot.close();
    await pty.until('a newcomer  since ');
    await narrow(pty, 'zoe', '❯ zoe');
    expect(await pty.type(key.enter, '  id  ')).toContain('  joined  2');
    await pty.type(key.escape, menu.client);
  });
});
