import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mirrored } from '../support/mirrored.js';
import { type Daemon, type Line, Processes } from '../support/processes.js';

const network = new Processes();
const id = /^[0-9a-v]{52}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
let registry: Daemon;
let hamlet: Daemon;
let othello: Daemon;

beforeAll(async () => {
  registry = await network.startRegistry('--max-servers', '3', '--lease', '3s');
  hamlet = await network.startServer('Hamlet', '--topics', 'theatre,chess', '--max-members', '2');
  othello = await network.startServer('Othello');
});
afterAll(() => network.close());

const articles = (lines: readonly Line[]) => lines.filter(({ type }) => type === 'article');
const bodies = (lines: readonly Line[]) => articles(lines).map(({ body }) => body);

async function refused(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await network.run(args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^moot: cannot [^\n]+\n(try: [^\n]+\n)?$/);
  return stderr;
}

describe('the command line, as scripts use it', () => {
  it('S0.1 S0.2 a registry and servers say when they are ready', () => {
    expect(Object.keys(registry.ready)).toEqual(['type', 'address']);
    expect(Object.keys(hamlet.ready)).toEqual(['type', 'address', 'id', 'name', 'registered']);
    expect(hamlet.ready).toMatchObject({
      type: 'ready',
      name: 'Hamlet',
      registered: true,
      id: expect.stringMatching(id),
    });
  });

  it('S0.3 servers lists what is registered', async () => {
    const lines = await network.ok('servers');
    expect(lines.map(({ name }) => name)).toEqual(['Hamlet', 'Othello']);
    expect(lines[0]).toEqual({
      id: hamlet.ready.id,
      name: 'Hamlet',
      address: hamlet.address,
      topics: ['theatre', 'chess'],
      articles: 0,
      members: 0,
      peers: [],
      joined: false,
    });
  });

  it('S0.4 one server too many is not listed, and starts all the same', async () => {
    const third = await network.startServer('Third');
    const fourth = await network.startServer('Fourth');
    expect([third.ready.registered, fourth.ready.registered]).toEqual([true, false]);
    expect(await Promise.all([third.end(), fourth.end()])).toEqual([0, 0]);
    expect(await network.ok('servers')).toHaveLength(2);
  });

  it('S0.6 a call before joining is refused, and says how to join', async () => {
    expect(await refused('query', 'Hamlet')).toContain('try: moot join Hamlet');
    expect(await refused('publish', 'Hamlet', '--topic', 'chess', '--body', 'b')).toContain('not a member of Hamlet');
  });

  it('S0.5 join and leave, kept between runs; twice is refused', async () => {
    const joined = { id: hamlet.ready.id, name: 'Hamlet', member: 'ada' };
    expect(await network.ok('join', 'hamlet', '--as', 'ada')).toEqual([joined]);
    expect(await refused('join', 'Hamlet', '--as', 'ada')).toContain('you are a member of Hamlet already, as ada');
    expect(await network.ok('join', othello.address, '--as', 'ada')).toMatchObject([{ name: 'Othello' }]);
    expect((await network.ok('servers')).map(({ joined: is }) => is)).toEqual([true, true]);
    const [member] = await network.ok('members', 'Hamlet');
    expect(member).toEqual({
      id: expect.any(String),
      name: 'ada',
      joinedAt: expect.stringMatching(time),
      role: 'member',
    });
    expect(await network.ok('leave', 'Hamlet')).toEqual([joined]);
    expect(await refused('members', 'Hamlet')).toContain('try: moot join Hamlet');
    expect(await refused('leave', 'Hamlet')).toContain('not a member of Hamlet');
    expect(await network.ok('join', String(hamlet.ready.id).slice(0, 8), '--as', 'grace')).toMatchObject([
      { member: 'grace' },
    ]);
  });

  it('S0.7 publish answers with the place of the article; the same key is the same article', async () => {
    const publish = ['publish', 'Hamlet', '--topic', 'chess', '--title', 'One', '--body', 'b4', '--key', 'k1'];
    const [first] = await network.ok(...publish);
    expect(first).toEqual({
      id: expect.stringMatching(id),
      origin: hamlet.ready.id,
      epoch: '1',
      seq: '1',
      publishedAt: expect.stringMatching(time),
      duplicate: false,
      held: false,
    });
    expect(await network.ok(...publish)).toEqual([{ ...first, duplicate: true }]);
    expect(await refused(...publish.with(-3, 'other'))).toContain('key');
  });

  it('S0.7 a body comes from a file or standard input as it is; what breaks a limit is named', async () => {
    const file = join(network.folder, 'body.txt');
    writeFileSync(file, ' from a file\n');
    await network.ok('publish', 'Othello', '--topic', 'a', '--file', file);
    const piped = await network.run(['publish', 'Othello', '--topic', 'a', '-', '--json'], 'from a pipe');
    expect(piped.status).toBe(0);
    expect(bodies(await network.ok('query', 'Othello')).sort()).toEqual([' from a file\n', 'from a pipe']);
    expect(await refused('publish', 'Hamlet', '--topic', 'sky', '--body', 'b')).toContain('takes theatre, chess');
    expect(await refused('publish', 'Hamlet', '--topic', 'chess', '--body', ' ')).toContain('body is required');
    expect(await refused('publish', 'Hamlet', '--topic', 'chess', '--body', 'b', '--title', 'x'.repeat(301))).toContain(
      '300',
    );
  });

  it('import keeps dates, names refused lines, and adds nothing a second time', async () => {
    const file = join(network.folder, 'some.ndjson');
    const line = '{"topic":"theatre","author":"Will","title":"\\tT ","body":"same","publishedAt":862330408}';
    writeFileSync(
      file,
      `${line}\n${line}\nnonsense\n{"topic":"sky","body":"x"}\n{"topic":"chess","body":"y","publishedAt":"2020-02-29"}\n`,
    );
    const first = await network.run(['import', 'Hamlet', file, '--json']);
    expect(first).toMatchObject({ status: 1, lines: [{ imported: 3, duplicates: 0, rejected: 2 }] });
    expect(first.stderr).toContain(`${file}:3: it is not JSON`);
    expect(first.stderr).toContain(`${file}:4: topic sky is not taken here`);
    const again = await network.run(['import', 'Hamlet', '-', '--json'], readFileSync(file, 'utf8'));
    expect(again).toMatchObject({ status: 1, lines: [{ imported: 0, duplicates: 3, rejected: 2 }] });
    const dated = articles(await network.ok('query', 'Hamlet', '--author', 'Will'));
    expect(dated).toHaveLength(2);
    expect(dated[0]).toMatchObject({ publishedAt: new Date(862_330_408_000).toISOString(), title: '\tT ' });
  });

  it.each([
    [['--topic', 'theatre'], 2],
    [['--topic', 'chess', '--topic', 'theatre'], 4],
    [['--author', 'Will', '--topic', 'chess'], 0],
    [['--text', 'SAME'], 2],
    [['--since', '2020-02-29', '--until', '2020-03-01'], 1],
    [['--until', '2020-02-29'], 2],
    [['--since', '2020-02-29T00:00:00.001Z'], 1],
    [['--limit', '2', '--all-pages-by-hand'], 4],
    [['--all'], 4],
  ] as const)('S0.8 query %j gives %d', async (flags, count) => {
    const byHand = flags.at(-1) === '--all-pages-by-hand';
    const lines = await network.ok('query', 'Hamlet', ...(byHand ? flags.slice(0, -1) : flags));
    const found = [...articles(lines)];
    for (let next = lines.at(-1)?.next; byHand && next; ) {
      const more = await network.ok('query', 'Hamlet', '--limit', '2', '--page', String(next));
      found.push(...articles(more));
      next = more.at(-1)?.next;
    }
    expect(new Set(found.map((article) => article.id)).size).toBe(count);
    expect(lines.at(-1)).toMatchObject({ type: 'report', complete: true });
  });

  it('articles and the report have the keys that scripts rely on', async () => {
    const lines = await network.ok('query', 'Hamlet', '--limit', '1');
    expect(Object.keys(lines[0] ?? {}).join()).toBe(
      'type,id,origin,originName,epoch,seq,topic,author,member,title,body,publishedAt,storedAt,replyTo',
    );
    expect(Object.keys(lines[1] ?? {}).join()).toBe('type,complete,next,rounds,calls,servers');
    const [row] = (lines[1]?.servers ?? []) as Line[];
    expect(Object.keys(row ?? {}).join()).toBe('id,name,outcome,articles,hop,via,tookMs,ageMs,reason,links');
  });

  it('S0.9 connect makes what B has available on A, one way; disconnect takes it away', async () => {
    const link = { from: hamlet.ready.id, to: othello.ready.id };
    expect(await network.ok('connect', 'Hamlet', 'Othello')).toMatchObject([{ ...link, level: 'allow' }]);
    expect(await network.ok('peers', 'Hamlet')).toMatchObject([link]);
    expect(bodies(await network.ok('query', 'Hamlet', '--all'))).toContain('from a pipe');
    expect(bodies(await network.ok('query', 'Hamlet', '--all', '--scope', 'local'))).not.toContain('from a pipe');
    expect(bodies(await network.ok('query', 'Othello', '--all'))).not.toContain('same');
    expect(await refused('connect', 'Hamlet', 'Othello')).toMatch(/already|link/);
    expect(await refused('connect', 'Hamlet', 'Hamlet')).toMatch(/itself/);
    expect(await refused('connect', 'Hamlet', 'Othelo')).toContain('did you mean Othello?');
    expect(await refused('peers', 'Hamlet', '--home', join(network.folder, 'nobody'))).toContain(
      'no operator token of Hamlet',
    );
    expect(await network.ok('disconnect', 'Hamlet', 'Othello')).toMatchObject([link]);
    expect(await network.ok('peers', 'Hamlet')).toEqual([]);
    expect(await refused('disconnect', 'Hamlet', 'Othello')).toContain('Hamlet has no link to "Othello"');
  });

  it('S0.14 N6 a dead peer is named, and served from its mirror; --require-complete then ends with status 1, after the report', async () => {
    await network.ok('connect', 'Hamlet', 'Othello');
    const whole = bodies(await network.ok('query', 'Hamlet', '--all'));
    await mirrored(network, 'Hamlet', 'Othello', whole.length - 4);
    await othello.end('SIGKILL');
    const lines = await network.ok('query', 'Hamlet');
    expect(bodies(lines)).toEqual(whole);
    expect(lines.at(-1)).toMatchObject({ complete: false, servers: [{}, { name: 'Othello', outcome: 'STALE' }] });
    const strict = await network.run(['query', 'Hamlet', '--require-complete', '--json']);
    expect(strict.status).toBe(1);
    expect(strict.lines.at(-1)).toMatchObject({ type: 'report', complete: false });
  });

  it('the example of the SDK runs as it is written', () => {
    const env = { ...process.env, MOOT_REGISTRY: registry.address };
    const example = join(process.cwd(), 'docs/examples/follow-the-network.mjs');
    const { status, stdout } = spawnSync(process.execPath, [example, 'Hamlet', 'chess'], { env, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toContain('joined Hamlet as visitor-');
    expect(stdout).toContain('Hamlet: Good morning');
    expect(stdout).toContain('Othello: STALE unreachable');
  });

  it('while the registry is away, what was joined is queried and published to', async () => {
    await registry.end('SIGKILL');
    expect(bodies(await network.ok('query', 'Hamlet', '--topic', 'theatre'))).toEqual(['same', 'same']);
    await network.ok('publish', 'Hamlet', '--topic', 'chess', '--body', 'on we go');
    expect(await refused('servers')).toContain('try: start one: moot registry');
  });

  it('Ctrl-C stops a server gracefully, with status 0', async () => {
    expect(await hamlet.end('SIGINT')).toBe(0);
  });
});
