import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Line, Processes } from '../support/processes.js';

const network = new Processes();
/** Ids by body. */
const ids = new Map<string, string>();

async function publish(server: string, body: string, ...flags: string[]): Promise<void> {
  const [line] = await network.ok('publish', server, '--topic', 'talk', '--body', body, ...flags);
  ids.set(body, String(line?.id));
}

const idOf = (body: string): string => ids.get(body) ?? '';
const bodies = (lines: readonly Line[]) => lines.filter(({ type }) => type === 'article').map(({ body }) => body);

beforeAll(async () => {
  await network.startRegistry();
  for (const name of ['Ash', 'Birch']) {
    await network.startServer(name);
    await network.ok('join', name, '--as', 'ada');
  }
  await network.ok('connect', 'Ash', 'Birch');
  await publish('Ash', 'question');
  await publish('Birch', 'first answer', '--reply-to', idOf('question'));
  await publish('Ash', 'second answer', '--reply-to', idOf('question'));
  await publish('Ash', 'answer to an answer', '--reply-to', idOf('first answer'));
}, 60_000);

afterAll(() => network.close());

describe('S0.8 a thread', () => {
  it('is its answers, from wherever they were published, page by page', async () => {
    const asked = ['query', 'Ash', '--reply-to', idOf('question')];
    expect(bodies(await network.ok(...asked))).toEqual(['second answer', 'first answer']);
    expect(bodies(await network.ok(...asked, '--text', 'first'))).toEqual(['first answer']);
    expect(bodies(await network.ok(...asked, '--scope', 'local'))).toEqual(['second answer']);
    const paged = await network.ok(...asked, '--limit', '1');
    const token = String(paged.at(-1)?.next);
    expect(bodies(await network.ok(...asked, '--limit', '1', '--page', token))).toEqual(['first answer']);
    const other = await network.here(['query', 'Ash', '--reply-to', idOf('first answer'), '--page', token]);
    expect(other).toMatchObject({ status: 1 });
    expect(other.stderr).toContain('pageToken belongs to another question');
  }, 60_000);

  it('is read from any of its articles by id, wherever they are', async () => {
    const named = ['question', 'first answer'].flatMap((body) => ['--id', idOf(body)]);
    expect(bodies(await network.ok('query', 'Ash', ...named))).toEqual(['first answer', 'question']);
    const wrong = await network.here(['query', 'Ash', '--id', 'x', '--json']);
    expect(wrong.status).toBe(2);
    expect(JSON.parse(wrong.stderr)).toMatchObject({ error: { field: 'id' } });
  }, 60_000);

  it('has no answer that is hidden, and what is hidden is listed', async () => {
    const id = idOf('first answer');
    await network.ok('hide', 'Ash', id, '--reason', 'spam');
    expect(bodies(await network.ok('query', 'Ash', '--reply-to', idOf('question')))).toEqual(['second answer']);
    const hidden = await network.here(['hidden', 'Ash']);
    expect(hidden.stdout).toMatch(/^SINCE +BY +REASON +FROM +ID\n.* operator +spam +[0-9a-v]{12}… +/);
    expect(hidden.stdout).toContain(`${id}\n`);
    await network.ok('unhide', 'Ash', id);
  }, 60_000);

  it('is followed as it grows', async () => {
    const asked = ['subscribe', 'Ash', '--from', 'beginning', '--count', '2', '--reply-to', idOf('question')];
    expect(bodies(await network.ok(...asked)).sort()).toEqual(['first answer', 'second answer']);
  }, 60_000);
});
