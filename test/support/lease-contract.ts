import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/core/stores.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';

/** What every lease store must do; `url` names a fresh, empty store each time. */
export function describeLeases(name: string, url: () => string): void {
  describe(`leases (${name})`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openStore(url(), { identity: createIdentity() });
    });
    afterEach(() => store.close());

    it('one holder has a lease until it gives it back, and may renew it', async () => {
      expect(await store.leases.hold('links', 'one', 60_000)).toBe(true);
      expect(await store.leases.hold('links', 'two', 60_000)).toBe(false);
      expect(await store.leases.hold('links', 'one', 60_000)).toBe(true);
      await store.leases.release('links', 'two');
      expect(await store.leases.hold('links', 'two', 60_000)).toBe(false);
      await store.leases.release('links', 'one');
      expect(await store.leases.hold('links', 'two', 60_000)).toBe(true);
    });

    it('a lease that is over is anybody’s', async () => {
      expect(await store.leases.hold('links', 'one', 0)).toBe(true);
      expect(await store.leases.hold('links', 'two', 60_000)).toBe(true);
      expect(await store.leases.hold('links', 'one', 60_000)).toBe(false);
    });

    it('names who holds what begins with a prefix, taken as it is written', async () => {
      for (const name of ['replica.b', 'replica.a', 'replica%', 'replicas', 'link.a'])
        await store.leases.hold(name, `holder of ${name}`, 60_000);
      await store.leases.hold('replica.c', 'gone', 0);
      const names = async (prefix: string) => (await store.leases.holders(prefix)).map((lease) => lease.name);
      expect(await names('replica.')).toEqual(['replica.a', 'replica.b']);
      expect(await names('replica%')).toEqual(['replica%']);
      expect((await store.leases.holders('link'))[0]).toEqual({ name: 'link.a', holder: 'holder of link.a' });
    });
  });
}
