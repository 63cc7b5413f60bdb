import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../../src/core/errors.js';
import { Registry } from '../../src/registry/registry.js';
import { idOf, serverEntry, unsigned } from '../support/server-entries.js';
import { StepClock } from '../support/step-clock.js';

const leaseMs = 15_000;
const holdMs = 30 * 24 * 3_600_000;
const maxServers = 3;

interface Call {
  readonly kind: 'register' | 'deregister';
  readonly key: string;
  readonly counter: number;
  readonly name: string;
  /** Time that passes before it. */
  readonly waitMs: number;
}

const anyCall: fc.Arbitrary<Call> = fc.record({
  kind: fc.constantFrom('register', 'register', 'register', 'deregister'),
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  counter: fc.integer({ min: 1, max: 30 }),
  name: fc.constantFrom('red', 'RED', 'blue', 'green', 'white', 'black', 'grey'),
  waitMs: fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 6000 }) },
    { weight: 4, arbitrary: fc.constantFrom(0, leaseMs, leaseMs - 1) },
    { weight: 1, arbitrary: fc.constantFrom(holdMs, holdMs + leaseMs, 40 * 24 * 3_600_000) },
  ),
});

type Accepted = Call & { readonly atMs: number };

/** Keeps every call that was accepted, and reads all of them again for each question. */
class Oracle {
  private readonly accepted: Accepted[] = [];

  private of(key: string): Accepted[] {
    return this.accepted.filter((call) => call.key === key);
  }

  private isKnown(key: string, nowMs: number): boolean {
    const last = this.of(key).findLast((call) => call.kind === 'register');
    return last !== undefined && last.atMs + leaseMs + holdMs > nowMs;
  }

  private namesOf(key: string, nowMs: number): string[] {
    const named = this.of(key).filter((call) => call.kind === 'register');
    const newestFirst = [...new Set(named.map((call) => call.name.toLowerCase()).reverse())];
    return newestFirst.slice(0, 4).filter((name) => {
      const last = this.accepted.findLast((call) => call.kind === 'register' && call.name.toLowerCase() === name);
      return last?.key === key && last.atMs + leaseMs + holdMs > nowMs;
    });
  }

  listed(nowMs: number): Accepted[] {
    return ['a', 'b', 'c', 'd', 'e']
      .map((key) => this.of(key).at(-1))
      .filter((last) => last?.kind === 'register' && last.atMs + leaseMs > nowMs)
      .flatMap((last) => last ?? []);
  }

  private judge(call: Call, nowMs: number): string {
    const listed = this.listed(nowMs).find(({ key }) => key === call.key);
    const newest = this.isKnown(call.key, nowMs) ? (this.of(call.key).at(-1)?.counter ?? 0) : 0;
    if (call.kind === 'deregister') {
      if (!listed && newest === call.counter) return 'ignored';
      if (call.counter <= newest) return 'gone';
      return newest === 0 ? 'ignored' : 'accepted';
    }
    if (listed && listed.counter === call.counter && listed.name === call.name) return 'ignored';
    if (call.counter <= newest) return 'gone';
    const others = ['a', 'b', 'c', 'd', 'e'].filter((key) => key !== call.key);
    if (others.some((key) => this.namesOf(key, nowMs).includes(call.name.toLowerCase()))) return 'already_exists';
    return !listed && this.listed(nowMs).length >= maxServers ? 'full' : 'accepted';
  }

  answer(call: Call, atMs: number): string {
    const verdict = this.judge(call, atMs);
    if (verdict === 'accepted') this.accepted.push({ ...call, atMs });
    return verdict === 'ignored' ? 'accepted' : verdict;
  }
}

function send(registry: Registry, { kind, key, counter, name }: Call): string {
  const entry = serverEntry({ id: idOf(key), counter, name, addresses: kind === 'register' ? ['localhost:1'] : [] });
  try {
    registry[kind](entry, unsigned(entry));
    return 'accepted';
  } catch (error) {
    return codeOf(error);
  }
}

const listAll = { pageSize: 2, pageToken: '', name: '', idPrefix: '', topic: '' };

function readAll(registry: Registry): string[] {
  const read: string[] = [];
  let pageToken = '';
  do {
    const page = registry.list({ ...listAll, pageToken });
    read.push(...page.servers.map(({ entry }) => `${entry.name} ${entry.id} ${entry.counter}`));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return read;
}

describe('the registry', () => {
  it('S0.1 S0.3 S0.4 answers and lists as a replay of all that was accepted says', () => {
    fc.assert(
      fc.property(fc.array(anyCall, { maxLength: 60 }), (calls) => {
        const clock = new StepClock();
        const registry = new Registry(clock, { leaseMs, maxServers });
        const oracle = new Oracle();
        for (const call of calls) {
          clock.skip(call.waitMs);
          const nowMs = clock.monotonic();
          expect(send(registry, call)).toBe(oracle.answer(call, nowMs));
          const listed = oracle.listed(nowMs).sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
          expect(readAll(registry)).toEqual(listed.map(({ name, key, counter }) => `${name} ${idOf(key)} ${counter}`));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('S0.3 is whole again within one renewal when it starts anew with nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000), { maxLength: 50 }), fc.infiniteStream(fc.nat(5000)), (keys, waits) => {
        const clock = new StepClock();
        const registry = new Registry(clock, { leaseMs });
        const due = keys
          .map((key) => ({ key, afterMs: waits.next().value ?? 0 }))
          .sort((a, b) => a.afterMs - b.afterMs);
        for (const { key, afterMs } of due) {
          clock.skip(afterMs - clock.monotonic());
          const entry = serverEntry({ id: idOf(key), name: `Server${key}`, counter: 1_000_000 });
          registry.register(entry, unsigned(entry));
        }
        clock.skip(5000 - clock.monotonic());
        expect(readAll(registry)).toHaveLength(keys.length);
      }),
    );
  });
});
