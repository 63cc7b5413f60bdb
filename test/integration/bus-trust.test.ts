import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openBus } from '../../src/bus/open-bus.js';
import type { Bus } from '../../src/core/bus.js';
import { systemClock } from '../../src/core/clock.js';
import { TestAuthority } from '../support/certificates.js';
import { TestNats } from '../support/nats.js';
import { temporaryFolder } from '../support/temporary.js';
import { itWithNats } from '../support/with-own.js';

const secret = 's3:cr@t';
const encoded = encodeURIComponent(secret);

describe('a bus over NATS with TLS', () => {
  const authority = new TestAuthority(temporaryFolder());
  const own: TestNats[] = [];
  const opened: Bus[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((bus) => bus.close())));
  afterAll(() => Promise.all(own.map((nats) => nats.kill())));

  const started = async (name: string, names: string, ...flags: string[]): Promise<TestNats> => {
    const { cert, key } = authority.issue(name, { names });
    const nats = await TestNats.start('--tls', '--tlscert', cert, '--tlskey', key, ...flags);
    own.push(nats);
    return nats;
  };
  /** Opens a bus. @returns it, and what was said. */
  const at = async (url: string, trusted: 'authority' | 'system' = 'authority'): Promise<readonly [Bus, string]> => {
    const said: string[] = [];
    const onChange = (_: boolean, text: string): number => said.push(text);
    const ca = trusted === 'authority' ? authority.pem : undefined;
    const bus = await openBus(url, { community: 'c', ca, clock: systemClock, onChange });
    opened.push(bus);
    return [bus, said.join('\n')];
  };

  let nats: TestNats;
  beforeAll(async () => {
    nats = await started('bus', 'DNS:localhost,IP:127.0.0.1', '--user', 'ada', '--pass', secret);
  });

  itWithNats('N10 rings for who trusts its authority and knows the password, by name and by IP address', async () => {
    const url = `tls://ada:${encoded}@`;
    const [[ring, said], [hear]] = [await at(`${url}127.0.0.1:${nats.port}`), await at(`${url}localhost:${nats.port}`)];
    const heard = new Promise((resolve) => hear.subscribe('bell', resolve));
    // The other connection's subscription reaches the server before this does: it is asked first.
    await at(`${url}localhost:${nats.port}`);
    ring.publish('bell', Buffer.from('x'));
    expect([Buffer.from((await heard) as Uint8Array).toString(), ring.isUp, said]).toEqual(['x', true, '']);
  });

  itWithNats('N10 a token is a secret as well', async () => {
    const other = await started('token', 'IP:127.0.0.1', '--auth', secret);
    expect((await at(`tls://${encoded}@127.0.0.1:${other.port}`))[0].isUp).toBe(true);
    const [stranger, said] = await at(`tls://wrong-token@127.0.0.1:${other.port}`);
    expect([stranger.isUp, said.includes('wrong-token')]).toEqual([false, false]);
    expect(said).toContain('does not take the user and password, or the token');
  });

  itWithNats('N10 says why it cannot be used, and no secret: password, authority, name', async () => {
    const elsewhere = await started('elsewhere', 'DNS:bus.example,DNS:localhost');
    const cases: readonly (readonly [string, 'authority' | 'system', string])[] = [
      [`tls://ada:wr0ng@localhost:${nats.port}`, 'authority', 'does not take the user and password'],
      [`tls://localhost:${nats.port}`, 'authority', 'does not take the user and password'],
      [`tls://ada:${encoded}@localhost:${nats.port}`, 'system', 'name who does: --tls-ca FILE'],
      [`nats://ada:${encoded}@localhost:${nats.port}`, 'system', 'name who does: --tls-ca FILE'],
      // "localhost" in a certificate is no word for an IP address.
      [`tls://ada:${encoded}@127.0.0.1:${elsewhere.port}`, 'authority', 'made for other names'],
    ];
    for (const [url, trusted, why] of cases) {
      const [bus, said] = await at(url, trusted);
      expect([bus.isUp, said]).toEqual([false, expect.stringContaining(why)]);
      expect(said).toContain('replicas look each second meanwhile');
      for (const hidden of ['wr0ng', secret, encoded, 'ada']) expect(said).not.toContain(hidden);
    }
  });
});

describe('a bus over what says that it is a NATS', () => {
  const liar: Server = createServer();
  afterAll(() => void liar.close());

  it('with tls:// is told nothing secret in plaintext', async () => {
    let told = '';
    const info = { server_id: 'x', version: '2.9.0', proto: 1, max_payload: 1024, auth_required: true };
    const ended = new Promise<void>((resolve) => {
      liar.on('connection', (socket) => {
        socket.on('data', (chunk) => {
          told += String(chunk);
        });
        socket.once('close', () => resolve());
        socket.on('error', () => undefined);
        socket.write(`INFO ${JSON.stringify(info)}\r\n`);
      });
    });
    await new Promise<void>((ready) => liar.listen(0, '127.0.0.1', ready));
    const { port } = liar.address() as { port: number };
    const said: string[] = [];
    const bus = await openBus(`tls://ada:${encoded}@127.0.0.1:${port}`, {
      community: 'c',
      clock: systemClock,
      onChange: (_, text) => said.push(text),
    });
    await ended;
    await bus.close();
    expect([told, bus.isUp]).toEqual(['', false]);
    expect(said.join()).toContain('is away');
  });
});
