import { expect, it } from '@jest/globals';
import { idOf } from '../../scripts/simulate/simulated-server.js';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { Links } from '../../src/community/links.js';
import { limits } from '../../src/core/limits.js';
import type { Link } from '../../src/core/stores.js';

it('CPU of others: a community makes a thousand links and no more, and says what to do', async () => {
  const all = Array.from({ length: limits.links }, (_, at): Link => {
    return { peer: idOf(`peer ${at}`), name: 'Peer', address: 'localhost:1', sinceMs: 0 };
  });
  const store = { all: async () => all, put: async () => undefined, remove: async () => true };
  const port = {
    introduce: async () => ({ name: 'Peer' }),
    lookUp: async () => undefined,
    forget: () => undefined,
  };
  const links = await Links.open(idOf('self'), store, port, new VirtualClock());
  await expect(links.connect(idOf('one more'), 'localhost:2')).rejects.toMatchObject({
    code: 'full',
    field: 'id',
    hint: expect.stringContaining('moot disconnect'),
  });
  await links.disconnect(idOf('peer 0'));
  expect((await links.connect(idOf('one more'), 'localhost:2')).state).toBe('up');
  expect(links.ids()).toHaveLength(limits.links);
});
