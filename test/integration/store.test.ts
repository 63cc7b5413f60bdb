import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { describeHeld } from '../support/held-contract.js';
import { describeHiding } from '../support/hiding-contract.js';
import { describeLeases } from '../support/lease-contract.js';
import { describeLogs } from '../support/log-contract.js';
import { describeModeration } from '../support/moderation-contract.js';
import { describeRetractions } from '../support/retraction-contract.js';
import { describeStore } from '../support/store-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'moot-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = (): string => {
  files += 1;
  return `sqlite:${join(folder, `${files}.db`)}`;
};
describeStore('memory:', () => 'memory:');
describeStore('sqlite:', newFile);
describeLogs('memory:', () => 'memory:', 150);
describeLogs('sqlite:', newFile, 12);
describeRetractions('memory:', () => 'memory:');
describeRetractions('sqlite:', newFile);
describeHiding('memory:', () => 'memory:');
describeHiding('sqlite:', newFile);
describeHeld('memory:', () => 'memory:');
describeHeld('sqlite:', newFile);
describeModeration('memory:', () => 'memory:');
describeModeration('sqlite:', newFile);
describeLeases('memory:', () => 'memory:');
describeLeases('sqlite:', newFile);

describe('the address of a store', () => {
  it('is refused when nothing here knows it', async () => {
    for (const url of ['', 'sqlite:', 'postgres://x', 'postgres://x/y?schema=A', 'memory:x'])
      await expect(openStore(url, { identity: createIdentity() })).rejects.toMatchObject({
        code: 'invalid',
        field: 'store',
      });
  });
});
