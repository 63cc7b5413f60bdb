import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { highest, Meters, mostLabelled } from '../../src/app/monitor/meters.js';
import { Readiness } from '../../src/app/monitor/readiness.js';
import { systemClock } from '../../src/core/clock.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { itWithParser, parseFigures } from '../support/figures.js';
import { StepClock } from '../support/step-clock.js';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();

it('is ready between its beginning and its end, and never when it is broken', async () => {
  const readiness = new Readiness(new StepClock());
  expect(await readiness.obstacles()).toEqual(['starting']);
  readiness.begin();
  expect([await readiness.obstacles(), readiness.fault]).toEqual([[], undefined]);
  readiness.end();
  expect(await readiness.obstacles()).toEqual(['stopping']);
  readiness.begin();
  expect(await readiness.obstacles()).toEqual(['stopping']);
  readiness.break('the disk refused');
  expect([await readiness.obstacles(), readiness.fault]).toEqual([['broken: the disk refused'], 'the disk refused']);
});

it('is not ready while its store is away, and says which part is', async () => {
  const store = await openStore(`sqlite:${join(folder, 'moot.db')}`, { identity: createIdentity() });
  const readiness = new Readiness(systemClock);
  readiness.needs('the store', () => store.articles.end());
  readiness.begin();
  expect(await readiness.obstacles()).toEqual([]);
  await store.close();
  expect(await readiness.obstacles()).toEqual(['the store: the store is closed']);
});

it('is not ready while a part does not answer, and says so in two seconds', async () => {
  const clock = new StepClock();
  const readiness = new Readiness(clock);
  readiness.needs('the store', () => new Promise(() => undefined));
  readiness.begin();
  const asked = [readiness.obstacles(), readiness.obstacles()];
  await clock.advance(2000);
  expect(await Promise.all(asked)).toEqual([['the store: no answer in 2 s'], ['the store: no answer in 2 s']]);
});

itWithParser('labels no more than a hundred communities, those with the highest values', async () => {
  const meters = new Meters();
  const samples = Array.from({ length: 1000 }, (_, n) => ({ labels: { origin: `o"${n}\\` }, value: n }));
  meters.samples('mirrored_entries', 'help for it', ['origin'], () => highest(samples));
  const family = parseFigures(await meters.text()).find(({ name }) => name === 'moot_mirrored_entries');
  expect(family?.samples.map(({ value }) => value)).toEqual(
    samples
      .slice(-mostLabelled)
      .map(({ value }) => value)
      .reverse(),
  );
  expect(family?.samples[0]?.labels).toEqual({ origin: 'o"999\\' });
});

itWithParser('a figure that cannot be had is missing and counted, and the others are there', async () => {
  const meters = new Meters();
  meters.gauge('away', 'help for it', () => Promise.reject(new Error('away')));
  meters.gauge('here', 'help for it', () => 7);
  const samples = parseFigures(await meters.text()).flatMap((family) => family.samples);
  const figure = (name: string) => samples.find((sample) => sample.name === name)?.value;
  expect([figure('moot_away'), figure('moot_here')]).toEqual([undefined, 7]);
  const next = parseFigures(await meters.text()).flatMap((family) => family.samples);
  expect(next.find(({ name }) => name === 'moot_collect_failures_total')?.value).toBeGreaterThan(0);
});
