import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FeedNetwork, type FeedServer, type Planted } from '../../scripts/simulate/feed-network.js';
import { anyArticle } from '../../src/core/filter.js';
import { lies } from '../support/feed-lies.js';
import { FeedReader } from '../support/feed-reader.js';

interface Event {
  readonly atMs: number;
  readonly what: 'publish' | 'cut' | 'mend' | 'freeze' | 'thaw' | 'stop' | 'start' | 'link' | 'unlink' | 'read';
  readonly a: number;
  readonly b: number;
}

interface Plan {
  readonly seed: number;
  readonly servers: number;
  /** Pairs, from and to, as numbers of servers. */
  readonly links: readonly (readonly [number, number])[];
  readonly events: readonly Event[];
  /** Which of the links lies, and how. */
  readonly liar: { readonly link: number; readonly how: string } | undefined;
}

const busyMs = 30_000;
const at = fc.integer({ min: 0, max: 5 });

function anyPlan(what: readonly Event['what'][], lying: boolean): fc.Arbitrary<Plan> {
  return fc.record({
    seed: fc.integer(),
    servers: fc.integer({ min: 2, max: 6 }),
    links: fc.array(fc.tuple(at, at), { minLength: 1, maxLength: 12 }),
    events: fc.array(
      fc.record({ atMs: fc.integer({ min: 0, max: busyMs }), what: fc.constantFrom(...what), a: at, b: at }),
      { maxLength: 30 },
    ),
    liar: lying
      ? fc.record({ link: fc.nat({ max: 11 }), how: fc.constantFrom(...Object.keys(lies)) })
      : fc.constant(undefined),
  });
}

interface Played {
  readonly network: FeedNetwork;
  readonly servers: readonly FeedServer[];
  readonly bad: readonly [FeedServer, FeedServer] | undefined;
  readonly readers: readonly FeedReader[];
}

/** Members of several communities, who go on at whichever server they like. */
const readersOf = (): readonly FeedReader[] =>
  [1, 2].map(() => new FeedReader({ filter: anyArticle, start: 'beginning', scope: 'network' }));

/** Does what the plan says, then lets all faults but the lies end, and time pass. */
async function play(plan: Plan, settleMs: number, planted: Planted = {}): Promise<Played> {
  const network = new FeedNetwork(plan.seed, {}, planted);
  const servers: FeedServer[] = [];
  for (let count = 0; count < plan.servers; count += 1)
    servers.push(await network.server(String.fromCharCode(65 + count)));
  const readers = readersOf();
  const pick = (number: number): FeedServer => servers[number % servers.length] as FeedServer;
  const pairs = plan.links.map(([from, to]) => [pick(from), pick(to)] as const).filter(([from, to]) => from !== to);
  for (const [from, to] of pairs) network.wire(from, to).latencyMs = 1 + Math.floor(network.random() * 40);
  const bad = plan.liar && pairs[plan.liar.link % Math.max(1, pairs.length)];
  if (bad && plan.liar) Object.assign(network.wire(...bad), { latencyMs: 1, lies: lies[plan.liar.how]?.() });
  for (const server of servers) await server.publish(1 + Math.floor(network.random() * 3));
  for (const [from, to] of pairs) from.link(to);
  for (const event of plan.events.toSorted((a, b) => a.atMs - b.atMs)) {
    await network.clock.settle(event.atMs - network.clock.monotonic());
    const reader = readers[event.a % readers.length];
    if (event.what === 'read') await readAt(reader, pick(event.b), Math.floor(network.random() * 8));
    else await happen(network, event, pick(event.a), pick(event.b));
  }
  for (const from of servers)
    for (const to of servers) {
      network.cut(from, to, false);
      network.wire(from, to).isFrozen = false;
    }
  for (const server of servers) if (!server.mirrors) await server.start();
  await network.clock.settle(settleMs);
  return { network, servers, bad, readers };
}

/** Goes on at `server`, for so many frames. */
async function readAt(reader: FeedReader | undefined, { feed, network }: FeedServer, frames: number): Promise<void> {
  if (!reader || !feed) return;
  await reader.move(feed, network.clock);
  for (let count = 0; count < frames; count += 1) if (!(await reader.read(network.clock))) return;
}

async function happen(network: FeedNetwork, { what }: Event, a: FeedServer, b: FeedServer): Promise<void> {
  if (what === 'publish') await a.publish(1 + Math.floor(network.random() * 4));
  if (what === 'stop') await network.clock.run(a.stop());
  if (what === 'start' && !a.mirrors) await a.start();
  if (a === b) return;
  if (what === 'cut' || what === 'mend') network.cut(a, b, what === 'cut');
  if (what === 'freeze' || what === 'thaw') network.wire(a, b).isFrozen = what === 'freeze';
  if (what === 'link') a.link(b);
  if (what === 'unlink') a.unlink(b);
}

/** Where the links lead from `server`, by the textbook. */
function reach(server: FeedServer, { bad }: Played, honestOnly: boolean): Set<FeedServer> {
  const found = new Set([server]);
  for (const next of found)
    for (const peer of next.links) {
      const isBad = next === bad?.[0] && peer === bad[1];
      if (!isBad || !honestOnly) found.add(peer);
    }
  return found;
}

/** What is kept is what was sealed, and each place that is not is in a gap, by name. */
async function checkNamed(server: FeedServer, origin: FeedServer, wholly: boolean): Promise<void> {
  const [kept, all] = [await server.log(origin.id), await origin.log(origin.id)];
  const missing = kept.gaps.flatMap(({ fromSeq, toSeq }) =>
    Array.from({ length: toSeq - fromSeq + 1 }, (_, index) => fromSeq + index),
  );
  const places = [...kept.hashes.map((hash) => Number(/\/(\d+)/.exec(hash)?.[1])), ...missing].sort((x, y) => x - y);
  expect(places).toEqual(Array.from({ length: places.length }, (_, index) => index + 1));
  expect(all.hashes).toEqual(expect.arrayContaining(kept.hashes.map((hash) => hash.replace(' retracted', ''))));
  if (wholly) expect(places).toHaveLength(all.hashes.length);
}

async function check(played: Played, exactly: boolean): Promise<void> {
  for (const server of played.servers) {
    const [any, honest] = [reach(server, played, false), reach(server, played, true)];
    const kept = await server.origins();
    const ids = [...any].map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(kept));
    for (const origin of any) {
      if (honest.has(origin) && exactly) expect(await server.log(origin.id)).toEqual(await origin.log(origin.id));
      else await checkNamed(server, origin, honest.has(origin));
    }
    expect(server.lines.filter((line) => line.includes('failed'))).toEqual([]);
  }
  for (const [at, reader] of played.readers.entries()) await checkTold(reader, played, at);
  await played.network.stop();
  expect(played.network.clock.pending).toBe(0);
}

/** Each log as far as it was told, entry by entry, with what could not be had in its place; wholly, where it is kept. */
async function checkTold(reader: FeedReader, { servers, bad }: Played, at: number): Promise<void> {
  const last = servers[at % servers.length] as FeedServer;
  await readAt(reader, last, Number.POSITIVE_INFINITY);
  for (const [origin, told] of Object.entries(reader.perOrigin)) {
    const places = told.flatMap((one) => {
      const [from = 0, to = from] = (one.match(/\d+/g) ?? []).map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
    expect(places).toEqual(Array.from({ length: places.length }, (_, index) => index + 1));
    if (!bad) expect(told.filter((one) => one.startsWith('gap'))).toEqual([]);
    const kept = await last.log(origin);
    const gone = kept.gaps.reduce((sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1, 0);
    expect(places.length).toBeGreaterThanOrEqual(kept.hashes.length + gone);
  }
  for (const origin of await last.origins())
    if ((await last.log(origin)).hashes.length > 0) expect(reader.perOrigin).toHaveProperty([origin]);
}

const everything: readonly Event['what'][] = [
  ...(['publish', 'publish', 'publish', 'publish', 'cut', 'mend', 'freeze', 'thaw'] as const),
  ...(['stop', 'start', 'link', 'unlink', 'read', 'read', 'read'] as const),
];

/** The longest silence, the longest wait, and a repair after them. */
const afterFaultsMs = 90_000;
const afterLiesMs = 45_000;

describe('mirrors on any graph', () => {
  it('N3 N4 N6 have every log that can be reached exactly, and readers who change servers are told it, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan(everything, false), async (plan) => check(await play(plan, afterFaultsMs), true)),
      { numRuns: 250 },
    );
  }, 240_000);

  it('N3 have every log that an honest path leads to exactly, when one link brings broken things first', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan(['publish', 'publish', 'read'], true), async (plan) =>
        check(await play(plan, afterLiesMs), true),
      ),
      { numRuns: 400 },
    );
  }, 240_000);

  it('N3 keep nothing false and name each gap, when links lie and fail', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan(everything, true), async (plan) => check(await play(plan, afterFaultsMs), false)),
      { numRuns: 100 },
    );
  }, 240_000);
});

describe('the properties of mirrors', () => {
  it('N3 are not met when nothing is checked', async () => {
    const planted: Planted = { checker: { check: async (commits) => commits.map(() => undefined) } };
    const trial = async (plan: Plan): Promise<void> => check(await play(plan, afterFaultsMs, planted), false);
    const result = await fc.check(fc.asyncProperty(anyPlan(everything, true), trial), {
      numRuns: 500,
      endOnFailure: true,
    });
    expect(result.failed).toBe(true);
  }, 240_000);
});
