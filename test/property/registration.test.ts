import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Registration } from '../../src/community/registration.js';
import { FaultyRegistry } from '../support/faulty-registry.js';
import { seededRandom } from '../support/seeded-random.js';
import { serverEntry, unsigned } from '../support/server-entries.js';
import { settingsInMemory } from '../support/settings.js';
import { StepClock } from '../support/step-clock.js';

type Fault = 'away' | 'silent' | 'there' | 'restart' | 'clock ahead' | 'clock back' | 'change';

const anyFault = fc.record({
  fault: fc.constantFrom<Fault>('away', 'silent', 'there', 'restart', 'clock ahead', 'clock back', 'change'),
  registry: fc.nat(2),
  lastsMs: fc.integer({ min: 1, max: 30_000 }),
});

function apply(fault: Fault, clock: StepClock, registry: FaultyRegistry, registration: Registration): void {
  if (fault === 'restart') registry.restart();
  else if (fault === 'clock ahead') clock.stepDate(3_600_000);
  else if (fault === 'clock back') clock.stepDate(-3_600_000);
  else if (fault === 'change') registration.changed();
  else registry.state = fault;
}

describe('a registration', () => {
  it('S0.3 is back at every registry at most 15 s after the registry is, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFault, { maxLength: 12 }), fc.integer(), async (faults, seed) => {
        const clock = new StepClock();
        const registries = [0, 1, 2].map(() => new FaultyRegistry(clock));
        const registration = new Registration({
          clock,
          settings: settingsInMemory(),
          registries: registries.map((port, at) => ({ address: `registry${at}:50051`, port })),
          describe: async () => serverEntry(),
          sign: unsigned,
          random: seededRandom(seed),
        });
        await registration.start();
        for (const { fault, registry, lastsMs } of faults) {
          const hit = registries[registry];
          if (hit) apply(fault, clock, hit, registration);
          await clock.advance(lastsMs);
        }
        for (const registry of registries) registry.state = 'there';
        await clock.advance(15_000);
        expect(registries.map((registry) => registry.names())).toEqual([['Hamlet'], ['Hamlet'], ['Hamlet']]);
        await registration.stop();
        expect(registries.map((registry) => registry.names())).toEqual([[], [], []]);
      }),
      { numRuns: 100 },
    );
  });
});
