import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer } from 'node:tls';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type FeedEvent, type Moot } from '../../src/client/index.js';
import { parseAddress, placeOf } from '../../src/core/address.js';
import { openChannel } from '../../src/wire/channels.js';
import { ServerReflectionService } from '../../src/wire/gen/grpc/reflection/v1/reflection.js';
import { renew, TestAuthority, type TestCertificate } from '../support/certificates.js';
import { TestNetwork } from '../support/network.js';
import { Spy } from '../support/spy.js';
import { temporaryFolder } from '../support/temporary.js';

const authority = new TestAuthority(temporaryFolder());
const stranger = new TestAuthority(temporaryFolder());
const ofRegistry = authority.issue('registry');
const ofHamlet = authority.issue('hamlet');
const ofOthello = authority.issue('othello');
const network = new TestNetwork();
const log: string[] = [];
const opened: Moot[] = [];
const spies: Spy[] = [];
let hamlet: string;

beforeAll(async () => {
  await network.start([], [], { certificate: ofRegistry });
  const note = ({ text }: { text: string }): number => log.push(text);
  hamlet = (await network.startServer('Hamlet', { certificate: ofHamlet, log: note })).address;
  await network.startServer('Othello', { certificate: ofOthello });
  await network.startServer('Macbeth');
});
afterEach(async () => {
  for (const moot of opened.splice(0)) await moot.close();
  for (const spy of spies.splice(0)) await spy.close();
});
afterAll(() => network.stop());

async function open(options: Parameters<typeof connect>[0] = {}): Promise<Moot> {
  const moot = await connect({ registry: network.registry, ...options });
  opened.push(moot);
  return moot;
}

async function spyOn(address: string): Promise<Spy> {
  const spy = await Spy.before(parseAddress(address).port);
  spies.push(spy);
  return spy;
}

/** Each at its own, as on machines of their own. */
function temporaryHome(): string {
  return mkdtempSync(join(network.folder, 'person-'));
}

/** Something else that answers with a certificate, and keeps what is said to it. */
async function tlsServer({ cert, key }: TestCertificate) {
  let heard = '';
  const options = { cert: readFileSync(cert), key: readFileSync(key), ALPNProtocols: ['h2'] };
  const server = createServer(options, (socket) => {
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, heard: () => heard, close: () => new Promise((resolve) => server.close(resolve)) };
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(50);
}

/** The token that `moot` was given: it is kept in its home alone. */
function tokenIn(home: string): string {
  const text = readFileSync(`${home}/memberships.json`, 'utf8');
  return (JSON.parse(text) as { memberships: { token: string }[] }).memberships[0]?.token ?? '';
}

interface Loaded {
  readonly grpc: {
    readonly health: { readonly v1: { readonly Health: new (address: string, by: unknown) => Checking } };
  };
}

interface Checking {
  Check(request: object, answer: (error: Error | null, response: unknown) => void): void;
  close(): void;
}

describe('TLS', () => {
  it('needs no authority where a registry was named with its fingerprint: it lists the key of each server', async () => {
    const moot = await open();
    const servers = await moot.servers();
    expect(servers.map(({ address }) => address.split('#')[1])).toEqual([
      ofHamlet.fingerprint,
      undefined,
      ofOthello.fingerprint,
    ]);
    const ada = await moot.join('Hamlet', { as: 'ada' });
    await ada.publish({ topic: 'x', body: 'over TLS' });
    const answer = ada.query({ scope: 'local' });
    const found = [];
    for await (const { body } of answer) found.push(body);
    expect(found).toEqual(['over TLS']);
  });

  it('links servers by the key that is listed, whether they speak TLS or plaintext', async () => {
    const moot = await open({ home: network.home });
    const operator = await moot.operator('Hamlet');
    for (const other of ['Othello', 'Macbeth']) expect(await operator.connect(other)).toMatchObject({ state: 'up' });
    const bob = await (await open()).join('Hamlet', { as: 'bob' });
    const { complete, rows } = await bob.query({}).report;
    expect([complete, rows.map(({ outcome }) => outcome)]).toEqual([true, ['ANSWERED', 'ANSWERED', 'ANSWERED']]);
  });

  it('takes what an authority vouches for, by its name, and from then on that key alone', async () => {
    const registry = placeOf(network.registry);
    const moot = await open({ registry, tls: { ca: authority.pem } });
    expect((await moot.servers()).length).toBe(3);
    const found = await moot.find(placeOf(hamlet));
    expect(found).toMatchObject({ name: 'Hamlet', address: hamlet });
    expect((await moot.join(placeOf(hamlet), { as: 'cyd' })).address).toBe(hamlet);
    const wrong = await open({ registry, tls: { ca: stranger.pem } });
    await expect(wrong.servers()).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('not vouched for'),
      hint: expect.stringContaining('--tls-ca'),
    });
    await expect(wrong.find(placeOf(hamlet))).rejects.toMatchObject({ code: 'denied', field: 'tlsCa' });
  });

  it('refuses a certificate that has expired, or is for another name, and says which', async () => {
    for (const [wanted, why] of [
      [{ days: -1 }, 'has expired'],
      [{ names: 'DNS:elsewhere.example' }, 'is for another name'],
    ] as const) {
      const bad = authority.issue('bad', wanted);
      const door = await tlsServer(bad);
      const moot = await open({ tls: { ca: authority.pem } });
      await expect(moot.find(`localhost:${door.port}`)).rejects.toMatchObject({
        code: 'denied',
        message: `the certificate at localhost:${door.port} ${why}`,
      });
      await door.close();
    }
  });

  it('says nothing to a server that shows another key than the one it is said to have', async () => {
    const door = await tlsServer(ofOthello);
    const moot = await open();
    const address = `localhost:${door.port}#${ofHamlet.fingerprint}`;
    await expect(moot.find(address)).rejects.toMatchObject({
      code: 'denied',
      message: `the certificate at localhost:${door.port} is not the one that it is said to have`,
    });
    expect(door.heard()).toBe('');
    await door.close();
  });

  it('tells who speaks plaintext to it that it speaks TLS, before any token was sent; and the reverse', async () => {
    const home = temporaryHome();
    await (await open({ home })).join('Hamlet', { as: 'dan' });
    const token = tokenIn(home);
    const spy = await spyOn(hamlet);
    const file = `${home}/memberships.json`;
    writeFileSync(file, readFileSync(file, 'utf8').replace(hamlet, `localhost:${spy.port}`));
    const moot = await open({ registry: 'localhost:1', home });
    const dan = await moot.community('Hamlet');
    const saysTls = { code: 'denied', message: 'this server speaks TLS, and was spoken to in plaintext' };
    await expect(dan.query({}).report).rejects.toMatchObject({
      ...saysTls,
      hint: expect.stringContaining('#FINGERPRINT'),
    });
    await expect(dan.publish({ topic: 'x', body: 'y' })).rejects.toMatchObject(saysTls);
    expect(spy.heard).toContain('PRI * HTTP/2.0');
    expect(spy.heard).not.toContain(token);

    const macbeth = network.servers.get('Macbeth')?.address ?? '';
    await expect(moot.find(`${macbeth}#${ofHamlet.fingerprint}`)).rejects.toMatchObject({
      code: 'denied',
      message: `${macbeth} speaks plaintext, not TLS`,
    });
  });

  it('lets nobody on the way read a token', async () => {
    const home = temporaryHome();
    const spy = await spyOn(hamlet);
    const moot = await open({ home, registry: 'localhost:1' });
    const eve = await moot.join(`localhost:${spy.port}#${ofHamlet.fingerprint}`, { as: 'eve' });
    await eve.publish({ topic: 'x', body: 'a body that nobody reads' });
    expect(spy.heard.length).toBeGreaterThan(1000);
    expect(spy.heard).not.toContain(tokenIn(home));
    expect(spy.heard).not.toContain('a body that nobody reads');
  });

  it('is spoken by health and reflection, to any client of gRPC', async () => {
    const descriptor = loadSync('grpc/health/v1/health.proto', { includeDirs: ['proto'] });
    const loaded = loadPackageDefinition(descriptor) as unknown as Loaded;
    const ssl = credentials.createSsl(readFileSync(authority.file));
    const client = new loaded.grpc.health.v1.Health(placeOf(hamlet), ssl);
    const answer = await new Promise((resolve, reject) =>
      client.Check({ service: '' }, (error, response) => (error ? reject(error) : resolve(response))),
    );
    client.close();
    expect(answer).toMatchObject({ status: 1 });
    const channel = openChannel(hamlet, { purpose: 'client' });
    const asking = channel.bidi(ServerReflectionService.serverReflectionInfo, { deadlineMs: 5000 });
    await asking.send({ host: '', messageRequest: { $case: 'listServices', value: '' } });
    asking.finish();
    const named = JSON.stringify(await asking.next());
    channel.close();
    expect(named).toContain('moot.v1.CommunityService');
  });

  it('takes a new certificate without a restart: streams live on, and the new key is listed', async () => {
    const home = temporaryHome();
    const moot = await open({ home });
    const ada = await moot.join('Hamlet', { as: 'fay' });
    const held = await (await open({ home })).community('Hamlet');
    const feed = ada.subscribe({ topics: ['renewal'] });
    const events = feed[Symbol.asyncIterator]();
    const next = async (type: FeedEvent['type']): Promise<FeedEvent> => {
      for (;;) {
        const { value, done } = await events.next();
        if (done) throw new Error('the feed ended');
        if (value.type === 'reconnecting') throw new Error(value.reason);
        if (value.type === type) return value;
      }
    };
    await next('caughtUp');
    // A key that does not fit: the files of a renewal that is half done, or went wrong.
    const before = readFileSync(ofHamlet.key);
    const later = authority.issue('later');
    writeFileSync(ofHamlet.key, readFileSync(later.key));
    await until(() => log.some((text) => text.includes('is not the key of the certificate')));
    await (await open()).find(hamlet);
    writeFileSync(ofHamlet.key, before);
    renew(ofHamlet, later);
    const listed = async (): Promise<string> => (await moot.find('Hamlet')).address;
    await until(async () => (await listed()) === `${placeOf(hamlet)}#${later.fingerprint}`);
    expect(network.servers.get('Hamlet')?.address).toBe(await listed());
    await (await open()).find(await listed());
    await expect((await open()).find(hamlet)).rejects.toMatchObject({ code: 'denied' });
    await ada.publish({ topic: 'renewal', body: 'still here' });
    expect(await next('article')).toMatchObject({ article: { body: 'still here' } });
    feed.close();
    // Over a new connection, who held the old key asks the registry for the one of today.
    await held.publish({ topic: 'x', body: 'y' });
    expect(held.address).toBe(await listed());
  });
});
