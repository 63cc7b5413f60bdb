import { describe, expect, it } from '@jest/globals';
import { MergedServers } from '../../src/client/merged-servers.js';
import { type ServerEvent, watchServers } from '../../src/client/watch-servers.js';
import { MootError } from '../../src/core/errors.js';
import type { ServerEntry } from '../../src/core/server-entry.js';
import { createIdentity } from '../../src/identity/keys.js';
import { signServerEntry, toWireListed } from '../../src/wire/convert-server-entry.js';
import type { WatchServersResponse } from '../../src/wire/gen/moot/v1/registry.js';
import { serverEntry } from '../support/server-entries.js';
import { StepClock } from '../support/step-clock.js';

const listOf = (...entries: ServerEntry[]) => new Map(entries.map((entry) => [entry.id, entry]));
const parts = { clock: new StepClock(), kept: async () => new Map() };

function shown(event: ServerEvent): string {
  return 'server' in event
    ? `${event.type} ${event.server.name} ${event.server.articles}`
    : `${event.type} ${event.registry}`;
}

describe('several registries as one', () => {
  it('N9 the highest counter wins, whoever lists it; one that is away counts for nothing while another is there', () => {
    const merged = new MergedServers(() => undefined);
    const old = serverEntry({ counter: 1, articles: 1 });
    const newer = serverEntry({ counter: 2, articles: 2 });
    merged.listedAll('A', listOf(old));
    merged.listedAll('B', listOf(newer));
    expect(merged.get(old.id)?.articles).toBe(2);
    merged.lost('B');
    expect(merged.get(old.id)?.articles).toBe(1);
    merged.lost('A');
    expect(merged.get(old.id)?.articles).toBe(1);
    merged.listedAll('B', listOf());
    expect(merged.get(old.id)).toBeUndefined();
  });

  it('N5 a newer key beats any counter, whoever lists it', () => {
    const merged = new MergedServers(() => undefined);
    const [stolen, mine] = [serverEntry({ counter: 9, articles: 1 }), serverEntry({ rotations: 1, articles: 2 })];
    merged.listedAll('A', listOf(stolen));
    for (const registry of ['B', 'A']) {
      merged.listedAll(registry, listOf(mine));
      expect(merged.get(mine.id)?.articles).toBe(2);
    }
  });
});

describe('moot.watchServers', () => {
  it('N9 leaves out what its server did not sign, and an older word than the one it gave before', async () => {
    const identity = createIdentity();
    const listed = (counter: number, articles: number, by = identity) => {
      const entry = serverEntry({ id: identity.id, counter, articles });
      return toWireListed({ entry, signed: signServerEntry(by, entry), renewedAtMs: 1, expiresAtMs: 2 });
    };
    const over = new AbortController();
    let seen = (): void => undefined;
    const change = (wire: ReturnType<typeof listed>) => ({ change: { $case: 'changed', value: wire } as const });
    async function* frames(): AsyncGenerator<WatchServersResponse> {
      yield { frame: { $case: 'changes', value: { changes: [{ change: { $case: 'listed', value: listed(5, 5) } }] } } };
      yield { frame: { $case: 'listedAll', value: {} } };
      const forged = listed(9, 9, createIdentity());
      const told = new Promise<void>((resolve) => {
        seen = resolve;
      });
      yield { frame: { $case: 'changes', value: { changes: [forged, listed(6, 6), listed(4, 4)].map(change) } } };
      await told;
      yield { frame: { $case: 'changes', value: { changes: [{ change: { $case: 'gone', value: identity.id } }] } } };
      // Open, and silent, as long as somebody reads.
      await new Promise((resolve) => over.signal.addEventListener('abort', resolve));
    }
    const events: string[] = [];
    for await (const event of watchServers({ ...parts, registries: new Map([['A', frames]]) }, over.signal)) {
      events.push(shown(event));
      if (event.type === 'changed') seen();
      if (event.type === 'gone') over.abort();
    }
    expect(events.filter((event) => !event.startsWith('listed'))).toEqual(['changed Hamlet 6', 'gone Hamlet 6']);
  });

  it('N9 goes on with the registries that are left, and fails with what the last one says when none is', async () => {
    const refuse = (code: 'unimplemented' | 'invalid') => () => {
      throw new MootError(code, `no: ${code}`);
    };
    const registries = new Map([['A', refuse('unimplemented')] as const, ['B', refuse('invalid')] as const]);
    const events: string[] = [];
    const watching = (async () => {
      for await (const event of watchServers({ ...parts, registries }, new AbortController().signal))
        events.push(shown(event));
    })();
    await expect(watching).rejects.toMatchObject({ code: 'invalid', message: 'no: invalid' });
    expect(events).toEqual(['away A', 'away B']);
  });
});
