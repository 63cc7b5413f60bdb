import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { placeOf } from '../../src/core/address.js';
import { originOf } from '../../src/identity/hash.js';
import { TestAuthority } from '../support/certificates.js';
import { Processes } from '../support/processes.js';

const network = new Processes();
const authority = new TestAuthority(network.folder);
const good = authority.issue('good');
const other = authority.issue('other');
const expired = authority.issue('expired', { days: -1 });
const withCertificate = ['--tls-cert', good.cert, '--tls-key', good.key];
let hamlet = '';
let registry = '';

beforeAll(async () => {
  registry = (await network.startRegistry(...withCertificate)).address;
  hamlet = (await network.startServer('Hamlet', ...withCertificate)).address;
  const byAuthority = ['--registry', placeOf(registry), '--tls-ca', authority.file];
  await network.startServer('Othello', '--tls-cert', other.cert, '--tls-key', other.key, ...byAuthority);
});
afterAll(() => network.close());

describe('moot over TLS', () => {
  it('joins, links, publishes, asks and follows, where the registry was named with its fingerprint', async () => {
    for (const name of ['Hamlet', 'Othello']) await network.ok('join', name, '--as', 'ada');
    await network.ok('connect', 'Hamlet', 'Othello');
    const feed = network.converse('subscribe', 'Hamlet', '--json', '--topic', 'go', '--count', '1');
    await feed.until('"caughtUp"');
    await network.ok('publish', 'Othello', '--topic', 'go', '--body', 'from the other side');
    await feed.until('from the other side');
    expect(await feed.ended).toBe(0);
    const lines = await network.ok('query', 'Hamlet', '--topic', 'go');
    expect(lines.filter(({ type }) => type === 'article')).toMatchObject([{ body: 'from the other side' }]);
    expect(lines.at(-1)).toMatchObject({ type: 'report', complete: true });
    expect(await network.ok('peers', 'Hamlet')).toMatchObject([{ state: 'up' }]);
  });

  it('takes an authority instead, for a registry and for a server that are named by HOST:PORT', async () => {
    const byAuthority = ['--registry', placeOf(registry), '--tls-ca', authority.file];
    const servers = await network.ok('servers', ...byAuthority);
    expect(servers.map(({ name }) => name)).toEqual(['Hamlet', 'Othello']);
    await network.ok('join', placeOf(hamlet), '--as', 'bob', '--home', join(network.folder, 'bob'), ...byAuthority);
    await network.ok('query', 'Hamlet', '--home', join(network.folder, 'bob'), '--registry', 'localhost:1');
  });

  it('shows by what a community is known: the same from its folder as from itself', async () => {
    const [ofServer] = await network.ok('keys', 'Hamlet');
    expect(ofServer).toMatchObject({ name: 'Hamlet', address: hamlet, fingerprint: good.fingerprint });
    const [ofFolder] = await network.ok('keys', '--data', join(network.folder, 'Hamlet'));
    const { id, publicKey } = ofServer ?? {};
    expect(ofFolder).toEqual({ id, name: null, address: null, publicKey, rotations: 0, fingerprint: null });
    expect(originOf(Buffer.from(String(publicKey), 'hex'))).toBe(id);
    const plain = await network.run(['keys', hamlet]);
    expect(plain.stdout).toContain(`certificate  ${good.fingerprint}\n`);
    for (const args of [['keys'], ['keys', 'Hamlet', '--data', network.folder]])
      expect(await network.run(args)).toMatchObject({ status: 2 });
  });

  it('says what to do where plaintext meets TLS', async () => {
    const { status, stderr } = await network.run(['servers', '--registry', placeOf(registry)]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^moot: cannot list the servers: this server speaks TLS.*\ntry: .*#FINGERPRINT.*--tls-ca FILE/,
    );
  });

  it('ends at once, naming the flag, when what it is given cannot be served', async () => {
    const text = join(network.folder, 'text.pem');
    writeFileSync(text, 'no certificate');
    const serve = (cert: string, key: string) => ['registry', '--port', '0', '--tls-cert', cert, '--tls-key', key];
    for (const [args, expected, says] of [
      [['registry', '--port', '0', '--tls-cert', good.cert], 2, '--tls-cert needs --tls-key'],
      [['server', '0', '--name', 'X', '--tls-key', good.key], 2, '--tls-key needs --tls-cert'],
      [serve(good.cert, other.key), 1, `--tls-key ${other.key} is not the key of the certificate`],
      [serve(expired.cert, expired.key), 1, `--tls-cert ${expired.cert} expired on`],
      [serve(text, good.key), 1, `--tls-cert ${text} does not hold a certificate in PEM`],
      [serve(good.cert, text), 1, `--tls-key ${text} does not hold a private key`],
      [serve(join(network.folder, 'none'), good.key), 1, 'none cannot be read: there is no such file'],
      [['servers', '--tls-ca', text], 2, `--tls-ca ${text}: there is no certificate in PEM`],
      [['servers', '--tls-ca', join(network.folder, 'none')], 2, 'none cannot be read: there is no such file'],
      [['server', '0', '--name', 'X', '--host', '0.0.0.0', '--advertise', 'a:1'], 1, 'speaks plaintext'],
      [['servers', '--registry', 'localhost:1#abc'], 2, 'what follows # is not a fingerprint'],
    ] as const) {
      const { status, stderr } = await network.run(args);
      expect([stderr.includes(says) ? says : stderr, status]).toEqual([says, expected]);
    }
  });
});
