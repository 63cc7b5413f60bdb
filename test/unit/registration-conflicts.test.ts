import { describe, expect, it } from '@jest/globals';
import { Registration, type RegistrationParts } from '../../src/community/registration.js';
import { FaultyRegistry } from '../support/faulty-registry.js';
import { seededRandom } from '../support/seeded-random.js';
import { idOf, serverEntry, unsigned } from '../support/server-entries.js';
import { settingsInMemory } from '../support/settings.js';
import { StepClock } from '../support/step-clock.js';

const yearMs = 365 * 24 * 3_600_000;

async function listed(clock: StepClock, ports: readonly FaultyRegistry[], more: Partial<RegistrationParts> = {}) {
  const registration = new Registration({
    clock,
    settings: settingsInMemory(),
    registries: ports.map((port, at) => ({ address: `registry${at}:50051`, port })),
    describe: async () => serverEntry({ name: 'Server50052' }),
    sign: unsigned,
    random: seededRandom(2),
    ...more,
  });
  await registration.start();
  return registration;
}

async function occupied(clock: StepClock): Promise<FaultyRegistry> {
  const registry = new FaultyRegistry(clock);
  const other = serverEntry({ id: idOf('other'), name: 'Server50052' });
  await registry.register(unsigned(other));
  return registry;
}

describe('a name that another key holds', () => {
  it('S0.2 makes way when it is a default name: the id is added to it, at every registry, once', async () => {
    const clock = new StepClock();
    const registries = [await occupied(clock), await occupied(clock), new FaultyRegistry(clock)];
    let name = 'Server50052';
    const taken: string[] = [];
    const registration = await listed(clock, registries, {
      describe: async () => serverEntry({ name }),
      rename: async (to) => {
        taken.push(to);
        name = to;
      },
    });
    const expected = `Server50052-${idOf('a').slice(0, 4)}`;
    await clock.advance(1000);
    expect(taken).toEqual([expected]);
    expect(registration.status().map(({ state }) => state)).toEqual(['registered', 'registered', 'registered']);
    expect(registries.map((registry) => registry.names().at(-1))).toEqual([expected, expected, expected]);
    await registration.stop();
  });

  it('S0.1 is reported when it was chosen, and taken when it is free', async () => {
    const clock = new StepClock();
    const registry = await occupied(clock);
    const registration = await listed(clock, [registry]);
    const sentence = `the name "Server50052" belongs to the server ${idOf('other').slice(0, 12)}`;
    expect(registration.status()).toMatchObject([{ state: 'refused', reason: sentence }]);
    await clock.advance(60_000);
    expect(registration.status()).toMatchObject([{ state: 'refused' }]);
    clock.skip(31 * 24 * 3_600_000);
    await clock.advance(5000);
    expect(registration.status()).toMatchObject([{ state: 'registered' }]);
    await registration.stop();
  });

  it('is reported when even the longer name is taken', async () => {
    const clock = new StepClock();
    const registry = await occupied(clock);
    const longer = `Server50052-${idOf('a').slice(0, 4)}`;
    await registry.register(unsigned(serverEntry({ id: idOf('third'), name: longer })));
    let name = 'Server50052';
    const rename = async (to: string): Promise<void> => {
      name = to;
    };
    const registration = await listed(clock, [registry], { describe: async () => serverEntry({ name }), rename });
    expect(registration.status()).toMatchObject([{ state: 'refused' }]);
    expect(name).toBe(longer);
    await registration.stop();
  });
});

describe('a counter', () => {
  it('S0.2 rises over a restart though the clock was put back', async () => {
    const clock = new StepClock();
    const registry = new FaultyRegistry(clock);
    const settings = settingsInMemory();
    const before = await listed(clock, [registry], { settings });
    clock.stepDate(-yearMs);
    await clock.advance(20_000);
    await before.stop();
    const after = await listed(clock, [registry], { settings });
    expect(after.status()).toMatchObject([{ state: 'registered' }]);
    const counters = registry.received.map(({ entry }) => entry.counter);
    expect(counters).toEqual([...new Set(counters)].sort((a, b) => a - b));
    await after.stop();
  });

  it('S0.2 is found again when the settings are lost after the clock was ten years ahead', async () => {
    const clock = new StepClock();
    const registry = new FaultyRegistry(clock);
    clock.stepDate(10 * yearMs);
    const before = await listed(clock, [registry]);
    await before.stop();
    clock.stepDate(-10 * yearMs);
    const after = await listed(clock, [registry]);
    expect(after.status()).toMatchObject([{ state: 'registered' }]);
    await after.stop();
  });

  it('is not driven past a century by a registry that always wants a newer one', async () => {
    const clock = new StepClock();
    const [liar, honest] = [new FaultyRegistry(clock), new FaultyRegistry(clock)];
    await liar.register(unsigned(serverEntry({ name: 'x', counter: Number.MAX_SAFE_INTEGER })));
    const registration = await listed(clock, [liar, honest]);
    await clock.advance(600_000);
    expect(registration.status()).toMatchObject([{ state: 'refused' }, { state: 'registered' }]);
    expect(honest.received.at(-1)?.entry.counter).toBeLessThan(clock.now() + 101 * yearMs);
    await registration.stop();
  });
});
