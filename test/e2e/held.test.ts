import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Daemon, type Line, Processes } from '../support/processes.js';

const moot = new Processes();
let ash: Daemon;
const start = () => moot.startServer('Ash', '--hold-first', '1', '--data', join(moot.folder, 'Ash'));
/** Runs a command as somebody with a home of their own. */
const as = (who: string, ...args: string[]) => moot.here([...args, '--home', join(moot.folder, who)]);
const publish = (who: string, body: string, key: string) =>
  as(who, 'publish', 'Ash', '--topic', 'a', '--body', body, '--key', key);
const bodies = (lines: readonly Line[]) => lines.filter(({ type }) => type === 'article').map(({ body }) => body);

beforeAll(async () => {
  await moot.startRegistry();
  ash = await start();
  await as('ada', 'join', 'Ash', '--as', 'ada');
});
afterAll(() => moot.close());

describe('N8 the first articles of a new member', () => {
  it('wait for a moderator, over a restart, and are then in the log under their key', async () => {
    const sent = await publish('ada', 'hello', 'k1');
    expect(sent.stdout).toMatch(/^held: [0-9a-f-]{36} in Ash, until a moderator lets it in\n$/);
    const second = await publish('ada', 'buy this', 'k2');
    const [hello = '', spam = ''] = [sent, second].map(({ stdout }) => stdout.split(' ')[1] ?? '');
    expect(bodies((await as('ada', 'query', 'Ash', '--json')).lines)).toEqual([]);
    await ash.end();
    ash = await start();
    expect((await moot.here(['held', 'Ash'])).stdout).toMatch(
      /^SINCE +MEMBER .*\n.* ada +a +hello +waits .*\n.* buy this /,
    );
    expect((await as('ada', 'held', 'Ash')).status).toBe(1);
    const refused = await moot.here(['refuse-article', 'Ash', spam, '--reason', 'advertising']);
    expect(refused.stdout).toBe(`refused: ada's article ${spam} in Ash\n`);
    const mine = (await as('ada', 'held', 'Ash', '--mine', '--json')).lines;
    expect(mine).toMatchObject([
      { id: hello, body: 'hello', refusedAt: null },
      { id: spam, body: 'buy this', refusedBy: 'operator', reason: 'advertising' },
    ]);
    const [released] = await moot.ok('release', 'Ash', hello);
    expect(released).toMatchObject({ seq: '1', held: false });
    expect((await publish('ada', 'hello', 'k1')).stdout).toContain(`${String(released?.id)} in Ash`);
    expect((await publish('ada', 'again', 'k3')).stdout).toMatch(/^published: /);
    expect(bodies((await as('ada', 'query', 'Ash', '--json')).lines)).toEqual(['again', 'hello']);
    const acts = await moot.ok('audit', 'Ash');
    expect(acts.map(({ act, reason }) => `${act} ${reason}`)).toEqual(['refuse-article advertising', 'release null']);
    expect((await moot.here(['held', 'Ash'])).stderr).toBe('nothing is held in Ash\n');
    expect((await moot.here(['release', 'Ash', spam])).stderr).toContain(`no article ${spam} waits for approval here`);
  }, 120_000);
});
