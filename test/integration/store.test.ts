import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { describeStore } from '../support/store-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'moot-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
describeStore('memory:', () => 'memory:');
describeStore('sqlite:', () => {
  files += 1;
  return `sqlite:${join(folder, `${files}.db`)}`;
});

describe('the address of a store', () => {
  it('is refused when nothing here knows it', async () => {
    for (const url of ['', 'sqlite:', 'postgres://x/y', 'memory:x'])
      await expect(openStore(url, { identity: createIdentity() })).rejects.toMatchObject({
        code: 'invalid',
        field: 'store',
      });
  });
});
