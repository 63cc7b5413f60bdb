import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createIdentity } from '../../src/identity/keys.js';
import { introduceTo } from '../../src/rpc/introduce-to.js';
import { ServerTokens } from '../../src/rpc/server-token.js';
import { openChannel } from '../../src/wire/channels.js';
import { allMethods, HostileMessages } from '../support/hostile-messages.js';
import { residentMiB } from '../support/memory.js';
import { type Daemon, Processes } from '../support/processes.js';
import { seededRandom } from '../support/seeded-random.js';

const messages = Number(process.env.MOOT_TEST_FUZZ_MESSAGES ?? 100_000);
/** Of them, sent before memory is first looked at. */
const firstShare = 0.3;
const connections = 2_000;
const atOnce = 64;
const callsEach = 200;

/** Of what there is once the fuzzing is over and garbage is gone. */
const mostGrownMiB = 50;

const collector = join(process.cwd(), 'test/support/collect-on-signal.mjs');
const network = new Processes(undefined, { NODE_OPTIONS: `--expose-gc --import ${collector}` });
let registry: Daemon;
let server: Daemon;
let memberToken = '';
let operatorToken = '';
const stranger = createIdentity();
const tokens = new ServerTokens(stranger);

beforeAll(async () => {
  registry = await network.startRegistry();
  server = await network.startServer('Target');
  await network.ok('join', 'Target', '--as', 'ada');
  await network.ok('publish', 'Target', '--topic', 'sports', '--body', 'An article to be asked for.');
  const { memberships } = JSON.parse(readFileSync(join(network.home, 'memberships.json'), 'utf8')) as {
    memberships: readonly { token: string }[];
  };
  memberToken = memberships[0]?.token ?? '';
  const operators = join(network.home, 'operators');
  operatorToken = readFileSync(join(operators, readdirSync(operators)[0] ?? ''), 'utf8').trim();
  const channel = openChannel(server.address, { purpose: 'peer' });
  await introduceTo(channel, stranger, String(server.ready.id));
  channel.close();
  // A fresh process grows with its first work, and then no more.
  const { wrong } = await sendAll(new HostileMessages(seededRandom(1)), messages * firstShare);
  expect(wrong).toEqual([]);
  grown.push(await settled(server), await settled(registry));
}, 400_000);
afterAll(() => network.close());

/** Answers that say what was wrong. INTERNAL and UNKNOWN say that the server was. */
const typed = new Set([
  'OK',
  'CANCELLED',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]);
// Whoever leaves, or has another token, has this one no more.
const methods = allMethods().filter(({ path }) => !/\/(Leave|RenewToken)$/.test(path));

async function tokenFor(path: string): Promise<string> {
  if (path.includes('FederationService')) return tokens.sign(String(server.ready.id), path, Date.now());
  return /PeerService|ModerationService|Operator/.test(path) ? operatorToken : memberToken;
}

/** Sends one message by any kind of call, and hangs up soon on what would go on. @returns the name of the status. */
async function send(client: Client, path: string, bytes: Buffer): Promise<string> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${await tokenFor(path)}`);
  const call = client.makeBidiStreamRequest(
    path,
    (sent: Buffer) => sent,
    (got) => got,
    metadata,
    { deadline: Date.now() + 2000 },
  );
  return new Promise((resolve) => {
    call.on('data', () => setTimeout(() => call.cancel(), 5));
    call.on('error', (error: ServiceError) => resolve(status[error.code] ?? String(error.code)));
    call.on('end', () => resolve('OK'));
    call.write(bytes);
    call.end();
  });
}

/** What the server and the registry held before, in MiB. */
const grown: number[] = [];

async function settled({ child }: Daemon): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 8; times += 1) {
    child.kill('SIGUSR2');
    await pause(250);
    least = Math.min(least, residentMiB(child.pid) ?? Number.NaN);
  }
  return least;
}

/** @returns how often each status came, and what came that says nothing. */
async function sendAll(hostile: HostileMessages, count: number) {
  const seen = new Map<string, number>();
  const wrong: string[] = [];
  let left = count;
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  const open = (): readonly Client[] =>
    [server, registry].map(({ address }) => new Client(address, credentials.createInsecure(), options));
  const work = async (): Promise<void> => {
    let clients = open();
    for (let sent = 0; left > 0; sent += 1) {
      left -= 1;
      // HTTP/2 closes a connection on which some thousand calls were cancelled.
      if (sent % callsEach === callsEach - 1) {
        for (const client of clients) client.close();
        clients = open();
      }
      const method = methods[hostile.below(methods.length)];
      if (!method) continue;
      const client = clients[method.path.includes('RegistryService') ? 1 : 0] as Client;
      const answer = await send(client, method.path, hostile.for(method));
      seen.set(answer, (seen.get(answer) ?? 0) + 1);
      if (!typed.has(answer) && wrong.length < 10) wrong.push(`${method.path}: ${answer}`);
    }
    for (const client of clients) client.close();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { seen, wrong };
}

describe('whatever is sent', () => {
  it(`S3.8 ${messages} messages of every method, mutated and with hostile text, are each answered by what was wrong with them`, async () => {
    const { seen, wrong } = await sendAll(new HostileMessages(seededRandom(20_261_121)), messages * (1 - firstShare));
    process.stdout.write(`FUZZ: ${[...seen].map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
    expect(wrong).toEqual([]);
    expect(seen.get('INVALID_ARGUMENT')).toBeGreaterThan(messages / 20);
  }, 600_000);

  it(`${connections} connections that speak broken HTTP/2 end no process and hold nothing`, async () => {
    const hostile = new HostileMessages(seededRandom(4));
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const frame = (): Buffer => {
      const body = hostile.bytes(64);
      const head = Buffer.alloc(9);
      head.writeUIntBE(hostile.below(8) ? body.length : hostile.below(2 ** 24), 0, 3);
      head.writeUInt8(hostile.below(12), 3);
      head.writeUInt8(hostile.below(256), 4);
      head.writeUInt32BE(hostile.below(2) ? hostile.below(16) : hostile.below(2 ** 32), 5);
      return Buffer.concat([head, body]);
    };
    const visit = async ({ address }: Daemon): Promise<void> => {
      const socket = dial(Number(address.split(':')[1]), '127.0.0.1');
      socket.on('error', () => undefined).resume();
      const closed = once(socket, 'close');
      const settings = Buffer.from('000000040000000000', 'hex');
      socket.write(
        Buffer.concat([...(hostile.below(10) ? [preface, settings] : []), ...Array.from({ length: 20 }, frame)]),
      );
      socket.end();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 100))]);
      socket.destroy();
    };
    let left = connections;
    const work = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await visit(left % 2 ? server : registry);
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
  }, 120_000);

  it('both go on as before: they answer, say nothing of faults, and hold no more memory', async () => {
    for (const { child } of [server, registry]) expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    for (const { stderr } of [server, registry]) expect(stderr()).not.toMatch(/ error |Unhandled|TypeError/);
    const answer = await network.ok('query', 'Target', '--topic', 'sports', '--text', 'asked');
    expect(answer.at(-1)).toMatchObject({ type: 'report', complete: true });
    const now = [await settled(server), await settled(registry)];
    const rounded = (all: readonly number[]): string => all.map(Math.round).join(' and ');
    process.stdout.write(`FUZZ: ${rounded(grown)} MiB before, ${rounded(now)} after\n`);
    for (const [at, each] of now.entries()) expect(each).toBeLessThan((grown[at] ?? 0) + mostGrownMiB);
  });
});
