import { describe, expect, it } from '@jest/globals';
import { Registration, type RegistrationParts } from '../../src/community/registration.js';
import type { ServerEntry } from '../../src/core/server-entry.js';
import { FaultyRegistry } from '../support/faulty-registry.js';
import { seededRandom } from '../support/seeded-random.js';
import { idOf, serverEntry, unsigned } from '../support/server-entries.js';
import { settingsInMemory } from '../support/settings.js';
import { StepClock } from '../support/step-clock.js';

function setUp(clock: StepClock, registries: readonly FaultyRegistry[], more: Partial<RegistrationParts> = {}) {
  const said: { -readonly [Key in keyof ServerEntry]: ServerEntry[Key] } = { ...serverEntry({ name: 'Server50052' }) };
  const registration = new Registration({
    clock,
    settings: settingsInMemory(),
    registries: registries.map((port, at) => ({ address: `registry${at}:50051`, port })),
    describe: async () => ({ ...said }),
    sign: unsigned,
    random: seededRandom(1),
    ...more,
  });
  return { said, registration };
}

async function started(clock: StepClock, registration: Registration, ms = 0) {
  const starting = registration.start();
  await clock.advance(ms);
  return starting;
}

describe('a registration', () => {
  it('S0.2 lists the server at every registry, and renews before the lease ends', async () => {
    const clock = new StepClock();
    const registries = [new FaultyRegistry(clock), new FaultyRegistry(clock, { leaseMs: 6000 })];
    const { registration } = setUp(clock, registries);
    expect(await started(clock, registration)).toMatchObject([{ state: 'registered' }, { state: 'registered' }]);
    for (let minute = 0; minute < 600; minute += 1) {
      await clock.advance(100);
      expect(registries.map((registry) => registry.names())).toEqual([['Server50052'], ['Server50052']]);
    }
    expect(registries[0]?.received.length).toBeLessThanOrEqual(16);
    await registration.stop();
  });

  it('S0.2 starts though a registry is away or says nothing, says so, and lists the server when it is back', async () => {
    const clock = new StepClock();
    const [there, away, silent] = [new FaultyRegistry(clock), new FaultyRegistry(clock), new FaultyRegistry(clock)];
    away.state = 'away';
    silent.state = 'silent';
    const { registration } = setUp(clock, [there, away, silent]);
    const outcome = await started(clock, registration, 3000);
    expect(outcome).toMatchObject([
      { address: 'registry0:50051', state: 'registered', reason: '' },
      { address: 'registry1:50051', state: 'away', reason: 'the registry is away' },
      { address: 'registry2:50051', state: 'away', reason: 'no answer within 3000 ms' },
    ]);
    await clock.advance(60_000);
    away.state = silent.state = 'there';
    await clock.advance(10_000);
    expect([away.names(), silent.names()]).toEqual([['Server50052'], ['Server50052']]);
    await registration.stop();
  });

  it('S0.3 sends what changed at once, but at most once a second', async () => {
    const clock = new StepClock();
    const registry = new FaultyRegistry(clock);
    const { said, registration } = setUp(clock, [registry]);
    await started(clock, registration);
    await clock.advance(2000);
    said.links = [idOf('b')];
    registration.changed();
    await clock.advance(0);
    expect(registry.received.at(-1)).toMatchObject({ atMs: 2000, entry: { links: [idOf('b')] } });
    for (let change = 0; change < 30; change += 1) {
      said.articles = change;
      registration.changed();
      await clock.advance(100);
    }
    await clock.advance(1000);
    expect(registry.received.at(-1)).toMatchObject({ entry: { articles: 29 } });
    const times = registry.received.map(({ atMs }) => atMs);
    expect(times).toEqual([0, 2000, 3000, 4000, 5000]);
    await registration.stop();
  });

  it('S0.3 takes the server off every list when it stops, within a second even when nobody answers', async () => {
    const clock = new StepClock();
    const [there, silent] = [new FaultyRegistry(clock), new FaultyRegistry(clock)];
    const { registration } = setUp(clock, [there, silent]);
    await started(clock, registration);
    silent.state = 'silent';
    let isStopped = false;
    const stopping = registration.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(999);
    expect([there.names(), isStopped]).toEqual([[], false]);
    await clock.advance(1);
    expect(isStopped).toBe(true);
    await stopping;
    const sent = there.received.length;
    await clock.advance(60_000);
    expect(there.received).toHaveLength(sent);
  });

  it('S0.4 says that a registry is full, and takes the first place that is free', async () => {
    const clock = new StepClock();
    const registry = new FaultyRegistry(clock, { maxServers: 1 });
    const first = setUp(clock, [registry], { describe: async () => serverEntry({ id: idOf('b'), name: 'first' }) });
    await started(clock, first.registration);
    const { registration } = setUp(clock, [registry]);
    expect(await started(clock, registration)).toMatchObject([
      { state: 'refused', reason: 'this registry is full: it lists at most 1' },
    ]);
    await first.registration.stop();
    await clock.advance(5000);
    expect(registration.status()).toMatchObject([{ state: 'registered', reason: '' }]);
    expect(registry.names()).toEqual(['Server50052']);
    await registration.stop();
  });

  it('tells of each change of state once', async () => {
    const clock = new StepClock();
    const registry = new FaultyRegistry(clock);
    const told: string[] = [];
    const { registration } = setUp(clock, [registry], { report: ({ state }) => told.push(state) });
    await started(clock, registration, 20_000);
    registry.state = 'away';
    await clock.advance(30_000);
    const sinceMs = registration.status()[0]?.sinceMs ?? 0;
    expect(clock.now() - sinceMs).toBeGreaterThan(20_000);
    registry.state = 'there';
    await clock.advance(30_000);
    expect(told).toEqual(['registered', 'away', 'registered']);
    await registration.stop();
  });
});
