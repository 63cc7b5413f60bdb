import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { freePort } from '../support/free-port.js';
import { helpExamples } from '../support/help-examples.js';
import { MootShell } from '../support/moot-shell.js';
import { hasPostgres, postgresSchemas } from '../support/postgres.js';
import { Terminal } from '../support/terminal.js';

/** For people at a terminal; each is driven through a real one, by the test that is named. */
const atTerminal: Readonly<Record<string, string>> = {
  'moot client': 'client-menu',
  'moot client --registry localhost:50051': 'client-menu',
  'moot connector': 'connector',
  'moot shell': 'shell',
  'moot top': 'top',
};

/** Stays until Ctrl-C, and what it says first. */
const staying: Readonly<Record<string, string | RegExp>> = {
  'moot registry': 'registry ready at localhost:',
  'moot registry --port 50061 --max-servers 10': 'registry ready at localhost:',
  'moot server 50052': 'Server50052 ready at localhost:',
  'moot server 0 --name Hamlet --topics theatre,chess': /Hamlet.* ready at localhost:/,
  'moot web': ' http://localhost:',
  'moot web --port 0 --registry localhost:50051': ' http://localhost:',
  'moot demo': 'COMMUNITY',
  'moot demo --communities 5': 'COMMUNITY',
  'moot subscriber -i s1 -H localhost -p 50052 -f subscriber1.cmd': 'OK sports, ',
  'moot subscriber -p 50052': 'OK ',
  'moot subscribe Server50052 --topic sports': 'following Server50052',
  'moot subscribe Server50052 --from @sports.cursor --json': '"type":"accepted"',
};

type Step = readonly [line: string, says: string | RegExp, status?: number];

/** The examples in an order in which each can do what it says; lines with ADA are what somebody else does meanwhile. */
const steps: readonly Step[] = [
  ['moot servers', /Hamlet.*\n.*Othello.*\n.*Server50052/],
  ['moot servers --json', '"name":"Othello"'],
  ['moot join Server50052', 'joined Server50052 as '],
  ['moot leave Server50052', 'left Server50052'],
  ['moot join localhost:50052 --as ada', 'joined Server50052 as ada'],
  ["moot publish Server50052 --topic sports.chess --title 'A new opening' --body '1. b4'", 'published: '],
  ['fortune | moot publish Server50052 --topic fortune -', 'published: '],
  ["moot publish Server50052 --topic news --every 1s --count 10 --body 'Number {n}'", /(published: .*\n){10}/],
  ['moot import Server50052 articles.ndjson', '1 imported'],
  ['zcat *.gz | moot import Server50052 -', '1 imported'],
  ['moot import Server50052 feed.xml --topic news', /2 imported.*0 refused/],
  ['moot import Server50052 list.mbox --topic lists.garden', /3 imported.*1 refused/, 1],
  ['moot query Server50052 --text chess', '1 of 1 community answered'],
  ['moot query Server50052 --topic sports --since 2026-01-01', 'A new opening'],
  ["moot query Server50052 --text 'chess opening' --all --json", '"type":"report"'],
  ['moot subscribe Server50052 --from beginning --count 10', 'Number 1'],
  ["printf 'CONNECT 50052 eve\\nPUBLISH sports.chess 1. b4\\n' | moot shell", 'OK connected to Server50052 as eve'],
  ['moot publisher -i p1 -H localhost -p 50052 -f publisher1.cmd', 'OK '],
  ['moot publisher -p 50052', ''],
  ['moot chat Server50052 sports.chess', ''],
  ['moot chat localhost:50052 lobby --as ada', ''],
  ['moot keys Hamlet', 'public key'],
  ['moot keys Hamlet --json', '"publicKey"'],
  ['moot keys --data .moot/Hamlet', 'public key'],
  ['moot backup Hamlet hamlet-monday', /backed up to .*hamlet-monday: /],
  ['moot backup .moot/Hamlet hamlet-tuesday --json', /"folder":".*hamlet-tuesday"/],
  ['moot restore hamlet-monday hamlet-again', /restored to .*hamlet-again: /],
  ['moot restore hamlet-again --store sqlite:hamlet-again/moot.db', 'opens a new epoch'],
  ['moot keys --data .moot/Hamlet --rotate', ''],
  ['moot invite Hamlet', 'moot join Hamlet --invite'],
  ['moot invite Hamlet --uses 20 --expires 2d', '20 may join until'],
  ['moot invites Hamlet', '20'],
  ['moot invites Hamlet --json', '"uses":20'],
  ['moot join Hamlet --invite CODE', 'joined Hamlet as '],
  ['moot release Hamlet HELD', 'published: '],
  ['moot refuse-article Hamlet HELD --reason advertising', ''],
  ['ADA moot join Hamlet --as ada', 'waits for approval', 75],
  ['moot requests Hamlet', 'ada'],
  ["moot refuse Hamlet ada --reason 'for neighbours only'", 'ada'],
  ['ADA moot join Hamlet --as ada', 'for neighbours only', 1],
  ['ADA moot join Hamlet --as ada', 'waits for approval', 75],
  ['moot admit Hamlet ada', 'ada is a member of Hamlet'],
  ['moot members Hamlet', 'ada'],
  ['moot members Hamlet --json', '"name":"ada"'],
  ['moot promote Hamlet ada', 'ada'],
  ['moot demote Hamlet ada', 'ada'],
  ['moot tokens Hamlet', 'ada'],
  ['moot tokens Hamlet --renew', ''],
  ['moot tokens Hamlet --revoke ada', ''],
  ['moot remove Hamlet ada', 'ada is no member of Hamlet any longer'],
  ['ADA moot join Hamlet --as ada', 'waits for approval', 75],
  ['moot admit Hamlet ada', 'ada'],
  ['moot remove Hamlet ada --ban --until 2027-01-01 --reason spam', 'banned'],
  ['moot bans Hamlet', 'ada'],
  ['moot unban Hamlet ada', 'ada'],
  ['moot audit Hamlet', 'admit'],
  ['moot audit Hamlet --since 2026-11-01 --json', '"admit"'],
  ['moot approve Othello Hamlet', 'Hamlet may link to Othello'],
  ['moot connect Hamlet Othello --wait', 'its articles are available on Hamlet'],
  ['moot disconnect Hamlet Othello', 'no longer linked'],
  ['moot connect Hamlet Othello', 'its articles are available on Hamlet'],
  ['moot peers Hamlet', 'Othello'],
  ['moot peers Hamlet --json', '"state"'],
  ['moot map', 'Hamlet'],
  ['moot map --walk Hamlet', 'walked from Hamlet'],
  ['moot map --format dot | dot -Tsvg > network.svg', ''],
  ['moot top --json --count 1', '"servers"'],
  ['moot trace ID --on Hamlet', 'Hamlet'],
  ['moot trace ID --on Hamlet --json', '"hops"'],
  ['moot hide Hamlet ID --reason spam', 'hidden: '],
  ['moot unhide Hamlet ID', 'shown'],
  ['moot query Server50052 --reply-to ID', 'communit'],
  ["moot retract Server50052 ID --reason 'said twice'", 'taken back: '],
  ["moot deny Othello Hamlet --silence --reason 'too much at once'", 'Hamlet'],
  ["moot deny Othello Hamlet --reason 'spam in every topic' --until 2026-12-31", 'Hamlet is denied by Othello'],
  ['moot deny Othello --import denied.ndjson', '1 added'],
  ['moot disconnect Hamlet Othello', 'no longer linked'],
  ['moot config', 'registries'],
  ['moot config --json', '"registries"'],
  ['moot completion bash', '_moot_complete'],
  ['eval "$(moot completion bash)"', ''],
  ['moot doctor', 'ok'],
  ['moot doctor --json', '"check"'],
  ['moot doctor --data .moot/Server50052', 'ok'],
];

/** What needs PostgreSQL, in a schema of its own. */
const inPostgres: readonly Step[] = [
  ['moot migrate .moot/Hamlet postgres://moot@localhost/moot', 'are in PostgreSQL'],
  ["moot migrate .moot/Hamlet 'postgres://moot@localhost/moot?schema=hamlet' --json", '"articles":0'],
  ['moot doctor --data .moot/Hamlet --store postgres://moot@localhost/moot', 'as its last seal says'],
];

const id = /[0-9a-v]{52}/;
/** Of an article that waits for a moderator. */
const heldId = /(?<= (?:release|refuse-article) Hamlet )[0-9a-f-]{36}/;
const newSchema = postgresSchemas();
/** The one that was moved into last. */
let schema = '';
const folder = mkdtempSync(join(tmpdir(), 'moot-help-'));
const ports: Record<string, string> = {};
let shell: MootShell;
/** The code of the last invitation, and the article that is traced, hidden, retracted or held. */
const meanwhile = { code: '', traced: '', own: '', held: '' };

beforeAll(async () => {
  for (const port of ['50051', '50052', '50061']) ports[port] = String(await freePort());
  shell = new MootShell(folder, environment());
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  copyFileSync('test/fixtures/import/workshop.json', join(folder, 'feed.xml'));
  copyFileSync('test/fixtures/import/list.mbox', join(folder, 'list.mbox'));
  // Programs of other people, where this machine has none.
  for (const name of ['fortune', 'dot'])
    writeFileSync(join(folder, 'bin', name), '#!/bin/sh\necho "You will be lucky."\n', { mode: 0o755 });
  const data = (name: string): string => `--name ${name} --data .moot/${name}`;
  await shell.start(said('moot registry --port 50051'), 'registry ready');
  await shell.start(said('moot server 50052 --data .moot/Server50052 --name Server50052'), 'ready at');
  await shell.start(said(`moot server 0 ${data('Hamlet')} --admission approval --hold-first 9`), 'ready at');
  await shell.start(said(`moot server 0 ${data('Othello')} --peering approval`), 'ready at');
  // A key is replaced while the server does not run.
  await (await shell.start(said(`moot server 0 ${data('Spare')}`), 'ready at')).interrupt();
  await ran('moot join Othello --as ines');
  meanwhile.traced = await publishedIn('Othello');
}, 120_000);
afterAll(async () => {
  await shell.close();
  rmSync(folder, { recursive: true, force: true });
});

const line = (body: string): string => `${JSON.stringify({ topic: 'news', body })}\n`;
const files = {
  'articles.ndjson': line('one'),
  'more.gz': gzipSync(line('two')),
  'denied.ndjson': `${JSON.stringify({ id: '0'.repeat(52), level: 'deny', reason: 'spam' })}\n`,
  'publisher1.cmd': '0 pub sports hello world\n',
  'subscriber1.cmd': '0 sub sports\n',
};

function anotherSchema(): string {
  schema = newSchema();
  return schema;
}

/** An example with the ports, the codes, the ids and the files of this network. */
function said(example: string): string {
  const wanted = / (?:trace|hide|unhide) /.test(example) ? meanwhile.traced : meanwhile.own;
  return example
    .replace(/\b500(?:51|52|61)\b/g, (port) => ports[port] ?? port)
    .replace(/\bID\b/, wanted)
    .replace(/\bCODE\b/, meanwhile.code)
    .replace(/\bHELD\b/, meanwhile.held)
    .replace('.moot/Hamlet --rotate', '.moot/Spare --rotate')
    .replace(/migrate .moot\/Hamlet '?postgres:[^ ]*/, () => `migrate .moot/Spare '${anotherSchema()}'`)
    .replace(/.moot\/Hamlet --store postgres:[^ ]*/, () => `.moot/Spare --store '${schema}'`)
    .replace(/^ADA (.*)$/, `$1 --home ${join(folder, 'ada')}`);
}

/** Runs it: in a shell where it needs one, else as a process of its own would, save for its start. */
async function ran(example: string): Promise<{ readonly status: number | null; readonly output: string }> {
  const text = said(example);
  if (/[|$>*]/.test(text)) return shell.run(text);
  const words = [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? inFolder(bare));
  const terminal = new Terminal({ env: environment() });
  const status = await run(words.slice(1), terminal.io, '0.0.0');
  return { status, output: terminal.stdout + terminal.stderr };
}

function inFolder(word: string): string {
  const [, store = '', path = word] = /^(sqlite:)(.*)$/.exec(word) ?? [];
  return /^\.moot\/|^hamlet-|\.(?:ndjson|xml|mbox|cmd)$/.test(path) ? store + join(folder, path) : word;
}

const environment = () => ({ MOOT_HOME: join(folder, 'home'), MOOT_REGISTRY: `localhost:${ports['50051']}` });

async function publishedIn(server: string): Promise<string> {
  const { output } = await ran(`moot publish ${server} --topic news --body 'Once more.'`);
  return /(?:published|held): (\S+)/.exec(output)?.[1] ?? '';
}

/** As the lists above write it. */
const generic = (example: string): string =>
  example.replace(id, 'ID').replace(heldId, 'HELD').replace('50052 ada\\n', '50052 eve\\n');

const shown = [...new Set(helpExamples().map(generic))];
const listed = [
  ...Object.keys(atTerminal),
  ...Object.keys(staying),
  ...[...steps, ...inPostgres].map(([example]) => example),
];
/** What is not listed must end well all the same. */
const others = shown.filter((example) => !listed.includes(example)).map<Step>((example) => [example, '']);

describe('the examples of --help', () => {
  it('are what is listed here', () => {
    const own = listed.filter((example) => !example.startsWith('ADA '));
    expect(own.filter((example) => !shown.includes(example))).toEqual([]);
  });

  it.each([...steps, ...(hasPostgres ? inPostgres : []), ...others])('%s', async (example, says, status = 0) => {
    if (/ HELD/.test(example)) meanwhile.held = await publishedIn('Hamlet');
    if (/ retract | --reply-to /.test(example)) meanwhile.own = await publishedIn('Server50052');
    if (example.includes(' hide ') || example.includes(' trace ')) await ran('moot query Hamlet --all');
    const done = await ran(example);
    const output = typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says);
    expect(done).toEqual({ status, output });
    meanwhile.code = /--invite ([0-9a-v]+)/.exec(done.output)?.[1] ?? meanwhile.code;
  });

  it.each(Object.entries(staying))('%s, until Ctrl-C', async (example, says) => {
    // Beside the network that runs there is no room for another one on the same ports.
    const other = 'mkdir -p other && cd other && export MOOT_REGISTRY_PORT=0 MOOT_DEMO_PORT=0 && ';
    const apart = /^moot (?:registry|server|demo)/.test(example) ? other : '';
    const freed = example
      .replace('server 50052', 'server 0 --name Server50052')
      .replace('--port 50061', '--port 0')
      .replace(/web$/, 'web --port 0');
    const running = await shell.start(`${apart}${said(freed)}`, says);
    expect((await running.interrupt()).status).toBe(/^moot subscri/.test(example) ? 130 : 0);
  });
});
