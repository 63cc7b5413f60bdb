import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { TestAuthority } from '../support/certificates.js';
import { TestNats } from '../support/nats.js';
import type { Daemon } from '../support/processes.js';
import { Replicated } from '../support/replicated.js';
import { temporaryFolder } from '../support/temporary.js';
import { itWithBoth } from '../support/with-own.js';

const secret = 's3cret-word';

describe('replicas whose bus is a NATS with TLS and a password', () => {
  const authority = new TestAuthority(temporaryFolder());
  let nats: TestNats;
  let assembly: Replicated;
  beforeAll(async () => {
    const { cert, key } = authority.issue('bus');
    nats = await TestNats.start('--tls', '--tlscert', cert, '--tlskey', key, '--user', 'ada', '--pass', secret);
    // Nobody they trust vouches for it.
    const bus = `tls://ada:${secret}@localhost:${nats.port}`;
    assembly = await Replicated.start(2, { hasBus: false, flags: ['--bus', bus] });
  }, 60_000);
  afterAll(async () => {
    await assembly?.close();
    await nats?.kill();
  }, 30_000);

  itWithBoth('N10 that refuse it say why without its secret, and hear of each other all the same', async () => {
    for (const replica of assembly.replicas) {
      await replica.says('cannot be used (nobody that is trusted here vouches for its certificate');
      expect(replica.stderr()).not.toContain(secret);
    }
    const moot = await assembly.stranger();
    await moot.join(assembly.addressOf(0), { as: 'ada' });
    const follower = await moot.community(assembly.addressOf(1));
    const events = follower.subscribe({ from: 'now' });
    const writer = await moot.community(assembly.addressOf(0));
    for await (const event of events) {
      if (event.type === 'caughtUp') await writer.publish({ topic: 'town', body: 'Heard without a bell.' });
      if (event.type === 'article') {
        expect(event.article.body).toBe('Heard without a bell.');
        break;
      }
    }
  });

  itWithBoth('N10 is used with --tls-ca and its password, and with another password it is said', async () => {
    const { processes } = assembly;
    const start = (name: string, password: string): Promise<Daemon> => {
      const bus = `tls://ada:${password}@localhost:${nats.port}`;
      const own = ['--name', name, '--data', join(processes.folder, name), '--tls-ca', authority.file];
      return processes.start('server', '0', ...own, '--bus', bus);
    };
    expect((await start('Known', secret)).stderr()).not.toContain('bus');
    const wrong = await start('Unknown', 'wr0ng');
    await wrong.says('does not take the user and password');
    expect(wrong.stderr()).not.toContain('wr0ng');
  });
});
