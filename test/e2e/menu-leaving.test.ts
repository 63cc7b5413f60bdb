import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import { connect } from '../../src/client/index.js';
import { entry, follow, leavesCleanly, Menus, type Step } from '../support/menu.js';
import { TestNetwork } from '../support/network.js';
import { key } from '../support/pty.js';

const network = new TestNetwork();
const menus = new Menus();
const home = `${network.folder}/visitor`;

beforeAll(async () => {
  await network.start(['Hamlet', 'Othello'], [['Hamlet', 'Othello']]);
  const moot = await connect({ registry: network.registry, home });
  const hamlet = await moot.join('Hamlet', { as: 'visitor' });
  await hamlet.publish({ topic: 'a', title: 'The only one', body: 'b' });
  await moot.close();
  const other = await network.connect();
  await other.join('Othello', { as: 'ada' });
  await other.close();
});
afterEach(() => menus.close());
afterAll(() => network.stop());

const enter = (until: string): Step => [key.enter, until];
const joining = [...entry(1, '❯ Othello'), enter('Your name there')];
const asking = [...entry(3, '❯ Hamlet'), enter('Topic')];
const answered = [
  ...asking,
  ...['Author', 'Date', 'Words', 'Articles on a page'].map(enter),
  enter('❯ 1. The only one'),
];
const replying: Step[] = [...answered, enter('And then?'), ['2', '❯ 2. reply'], enter('Topic (blank: a)')];
const publishing: Step[] = [...entry(4, '❯ Hamlet'), enter('Topic'), [`a${key.enter}`, 'Title']];

/** What leads to each prompt of the member's menu. */
const prompts: Readonly<Record<string, readonly Step[]>> = {
  'the menu': [],
  'Join Server: the servers': entry(1, '❯ Othello'),
  'Join Server: your name': joining,
  'Join Server: a name that is none': [...joining, [`...${key.enter}`, 'nothing but dots']],
  'Join Server: a name that is taken': [...joining, [`ada${key.enter}`, 'in use here'], ['', 'Your name there']],
  'Leave Server: the memberships': entry(2, '❯ Hamlet'),
  'Get Articles: the memberships': entry(3, '❯ Hamlet'),
  'Get Articles: topic': asking,
  'Get Articles: a topic that is none': [...asking, [`A b${key.enter}`, 'is not a topic']],
  'Get Articles: author': answered.slice(0, 4),
  'Get Articles: date': answered.slice(0, 5),
  'Get Articles: words': answered.slice(0, 6),
  'Get Articles: articles on a page': answered.slice(0, 7),
  'Get Articles: the page': answered,
  'Get Articles: the page, with the mark moved': [...answered, ['2', '❯ 2. refresh']],
  'Get Articles: an article': replying.slice(0, -2),
  'Reply: topic': replying,
  'Reply: title': [...replying, enter('Title')],
  'Reply: author': [...replying, enter('Title'), enter('Author')],
  'Reply: text': [...replying, enter('Title'), enter('Author'), enter('single dot')],
  'Publish Article: the memberships': entry(4, '❯ Hamlet'),
  'Publish Article: topic': publishing.slice(0, -1),
  'Publish Article: title': publishing,
  'Publish Article: author': [...publishing, enter('Author')],
  'Publish Article: text': [...publishing, enter('Author'), enter('single dot')],
  'Publish Article: text that is begun': [...publishing, enter('Author'), enter('single dot'), ['begun', 'begun']],
  'Publish Article: text that is refused': [
    ...publishing,
    enter('Author'),
    enter('single dot'),
    [`.${key.enter}`, 'body is required'],
    ['', 'single dot'],
  ],
  'Servers: the list': entry(7, 'back to the menu'),
  'Servers: the list, with words typed': [...entry(7, 'back to the menu'), ['oth', '❯ Othello']],
  'Servers: the list after a server was shown': [
    ...entry(7, 'back to the menu'),
    enter('who may link'),
    ['', 'back to'],
  ],
  'Members: the memberships': entry(8, '❯ Hamlet'),
  'Members: the list': [...entry(8, '❯ Hamlet'), enter('❯ visitor')],
};

/** And of the connector's; the operator's tokens are in the home of the network. */
const connectorPrompts: Readonly<Record<string, readonly Step[]>> = {
  'the menu': [],
  'Server A': entry(1, 'Server A, by number'),
  'Server B': [...entry(1, 'back to the menu'), enter('joins which Server B?')],
  'the server of a link that is removed': entry(2, 'back to the menu'),
  'the link that is removed': [...entry(2, 'back to the menu'), enter('Remove which link of Hamlet?')],
};

describe('S0.12 Ctrl-C leaves with status 130, one word, and the terminal as it was', () => {
  it.each(Object.entries(prompts))('moot client, at %s', async (_, steps) => {
    const pty = await menus.start('client', { registry: network.registry, home });
    await follow(pty, steps);
    await leavesCleanly(pty);
  });

  it.each(Object.entries(connectorPrompts))('moot connector, at %s', async (_, steps) => {
    const pty = await menus.start('connector', { registry: network.registry, home: network.home });
    await follow(pty, steps);
    await leavesCleanly(pty);
  });
});
