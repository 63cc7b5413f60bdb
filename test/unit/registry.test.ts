import { describe, expect, it } from '@jest/globals';
import type { ServerEntry } from '../../src/core/server-entry.js';
import type { ListRequest } from '../../src/registry/page.js';
import { Registry, type RegistryOptions } from '../../src/registry/registry.js';
import { idOf, serverEntry, unsigned } from '../support/server-entries.js';
import { StepClock } from '../support/step-clock.js';

const all: ListRequest = { pageSize: 0, pageToken: '', name: '', idPrefix: '', topic: '' };
const dayMs = 24 * 3_600_000;

function setUp(options: RegistryOptions = {}) {
  const clock = new StepClock();
  const registry = new Registry(clock, options);
  return {
    clock,
    registry,
    register: (given: Partial<ServerEntry>) => {
      const entry = serverEntry(given);
      return registry.register(entry, unsigned(entry));
    },
    deregister: (given: Partial<ServerEntry>) => {
      const entry = serverEntry({ addresses: [], ...given });
      registry.deregister(entry, unsigned(entry));
    },
    names: (request: Partial<ListRequest> = {}) =>
      registry.list({ ...all, ...request }).servers.map(({ entry }) => entry.name),
  };
}

describe('a lease', () => {
  it('S0.3 keeps a server listed until it ends, and is renewed after a third', () => {
    const { clock, register, names } = setUp({ leaseMs: 15_000 });
    expect(register({})).toEqual({ renewAfterMs: 5000 });
    clock.skip(14_999);
    expect(names()).toEqual(['Hamlet']);
    clock.skip(1);
    expect(names()).toEqual([]);
  });

  it('S0.3 is shown with its dates by the clock of the registry, and a step of the date ends none', () => {
    const { clock, register, registry } = setUp();
    register({});
    clock.skip(1000);
    clock.stepDate(3_600_000);
    const [server] = registry.list(all).servers;
    expect(server).toMatchObject({ renewedAtMs: clock.now() - 1000, expiresAtMs: clock.now() + 14_000 });
  });

  it('ends at once when the server takes itself off, and its name stays its own', () => {
    const { register, deregister, names } = setUp();
    register({ counter: 1 });
    deregister({ counter: 2 });
    deregister({ counter: 2 });
    expect(names()).toEqual([]);
    expect(() => register({ id: idOf('b'), name: 'HAMLET' })).toThrow(
      expect.objectContaining({ code: 'already_exists' }),
    );
    expect(() => register({ counter: 2 })).toThrow(expect.objectContaining({ code: 'gone' }));
    register({ counter: 3 });
    expect(names()).toEqual(['Hamlet']);
  });

  it('is not ended by a listed entry sent back as a farewell, nor by an old farewell', () => {
    const { register, deregister, names } = setUp();
    register({ counter: 5 });
    expect(() => deregister({ counter: 6, addresses: ['localhost:50052'] })).toThrow(
      expect.objectContaining({ code: 'invalid', field: 'addresses' }),
    );
    expect(() => deregister({ counter: 5 })).toThrow(expect.objectContaining({ code: 'gone' }));
    expect(names()).toEqual(['Hamlet']);
  });

  it('ignores the farewell of a server that it does not know', () => {
    const { deregister, register, names } = setUp();
    deregister({ counter: 9 });
    register({ counter: 1 });
    expect(names()).toEqual(['Hamlet']);
  });
});

describe('a counter', () => {
  it('S0.1 must rise: an older or equal one is refused, and the sentence says where it stands', () => {
    const { register } = setUp();
    register({ counter: 7 });
    expect(() => register({ counter: 6 })).toThrow('counter 6 is not above 7');
    expect(() => register({ counter: 7, articles: 1 })).toThrow(
      expect.objectContaining({ code: 'gone', field: 'counter' }),
    );
  });

  it('may come again with the very same bytes, which renews nothing', () => {
    const { clock, register, names } = setUp();
    register({});
    clock.skip(14_000);
    expect(register({})).toEqual({ renewAfterMs: 5000 });
    clock.skip(1000);
    expect(names()).toEqual([]);
    expect(() => register({})).toThrow(expect.objectContaining({ code: 'gone' }));
  });
});

describe('a name', () => {
  it('S0.1 stays its key’s for 30 days after its lease, in any case', () => {
    const { clock, register, names } = setUp();
    register({ name: 'Ｈamlet' });
    const other = { id: idOf('b'), name: 'hAMLET' };
    clock.skip(15_000 + 30 * dayMs - 1);
    expect(() => register(other)).toThrow(expect.objectContaining({ code: 'already_exists', field: 'name' }));
    clock.skip(1);
    register(other);
    expect(names()).toEqual(['hAMLET']);
  });

  it('that was left for another one is still held, but of one key only the newest four are', () => {
    const { register } = setUp();
    for (let counter = 1; counter <= 5; counter += 1) register({ counter, name: `name ${counter}` });
    const claim = (name: string) => () => register({ id: idOf('b'), name, counter: 1 });
    expect(claim('name 2')).toThrow(expect.objectContaining({ code: 'already_exists' }));
    expect(claim('name 1')).not.toThrow();
  });

  it('is forgotten, the oldest first, when more keys are remembered than may be', () => {
    const { clock, register } = setUp({ maxRemembered: 2 });
    for (const key of ['a', 'b', 'c']) {
      register({ id: idOf(key), name: key });
      clock.skip(15_000);
    }
    const claim = (name: string) => () => register({ id: idOf('d'), name });
    expect(claim('b')).toThrow(expect.objectContaining({ code: 'already_exists' }));
    expect(claim('a')).not.toThrow();
  });
});

describe('capacity', () => {
  it('S0.4 the 11th of 10 servers is refused; a known one renewing is not; one that is gone frees its place', () => {
    const { clock, register, deregister, names } = setUp({ maxServers: 10 });
    const server = (n: number) => ({ id: idOf(n), name: `Server${n}` });
    for (let n = 0; n < 10; n += 1) register(server(n));
    expect(() => register(server(10))).toThrow('this registry is full: it lists at most 10');
    expect(() => register(server(10))).toThrow(expect.objectContaining({ code: 'full' }));
    register({ ...server(3), counter: 2 });
    deregister({ ...server(4), counter: 2 });
    register(server(10));
    expect(names()).toHaveLength(10);
    clock.skip(14_000);
    register({ ...server(10), counter: 2 });
    clock.skip(1000);
    register(server(11));
    expect(names()).toEqual(['Server10', 'Server11']);
  });

  it('S0.4 counts bytes as well', () => {
    const { register } = setUp({ maxBytes: unsigned(serverEntry()).entry.length });
    register({ counter: 1 });
    register({ counter: 2 });
    expect(() => register({ id: idOf('b'), name: 'b' })).toThrow(expect.objectContaining({ code: 'full' }));
  });
});

describe('an entry', () => {
  const head = { origin: idOf('a'), epoch: 1, seq: 1, lastSeal: new Uint8Array(32), asOfMs: 1 };
  const forged = { ...head, publicKey: new Uint8Array(32), signature: new Uint8Array(64) };
  const refused: readonly [string, string, Partial<ServerEntry>][] = [
    ['an id that is none', 'id', { id: 'short' }],
    ['no name', 'name', { name: '' }],
    ['a name with a colon', 'name', { name: 'localhost:1' }],
    ['no address', 'addresses', { addresses: [] }],
    ['17 addresses', 'addresses', { addresses: Array(17).fill('localhost:1') }],
    ['an address with a scheme', 'addresses', { addresses: ['unix:/tmp/s'] }],
    ['port 0', 'addresses', { addresses: ['localhost:0'] }],
    ['a topic that is none', 'topics', { topics: ['No Topic'] }],
    ['257 topics', 'topics', { topics: Array(257).fill('t') }],
    ['a link that is no id', 'links', { links: ['x'] }],
    ['4,097 links', 'links', { links: Array(4097).fill(idOf('b')) }],
    ['counter 0', 'counter', { counter: 0 }],
    ['a counter past 2^53', 'counter', { counter: 2 ** 53 }],
    ['an admission of many words', 'admission', { admission: 'open to all' }],
    ['a head of another server', 'head', { head: { ...forged, origin: idOf('b') } }],
    ['a head that nobody signed', 'head', { head: forged }],
    ['257 KiB', 'server', { admission: 'a'.repeat(257 * 1024) }],
  ];
  it.each(refused)('S0.1 with %s is refused, naming the field %s', (_, field, given) => {
    const { register } = setUp();
    expect(() => register(given)).toThrow(expect.objectContaining({ code: 'invalid', field }));
  });
});
