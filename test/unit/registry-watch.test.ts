import { describe, expect, it } from '@jest/globals';
import type { ServerEntry } from '../../src/core/server-entry.js';
import { Registry, type RegistryOptions } from '../../src/registry/registry.js';
import type { WatchFrame } from '../../src/registry/watchers.js';
import { idOf, serverEntry, unsigned } from '../support/server-entries.js';
import { StepClock } from '../support/step-clock.js';

const any = { name: '', idPrefix: '', topic: '' };

function setUp(options: RegistryOptions = {}) {
  const clock = new StepClock();
  const registry = new Registry(clock, options);
  const watch = (filter: Partial<typeof any> = {}) => {
    const over = new AbortController();
    const frames = registry.watch({ ...any, ...filter }, over.signal)[Symbol.asyncIterator]();
    return { over, next: async () => said((await frames.next()).value) };
  };
  const register = (given: Partial<ServerEntry>): void => {
    const entry = serverEntry(given);
    registry.register(entry, unsigned(entry));
  };
  return { clock, registry, watch, register };
}

/** A frame in words: `listed Hamlet`. */
function said(frame: WatchFrame | undefined): readonly string[] {
  if (frame?.kind !== 'changes') return [frame?.kind ?? 'the end'];
  return frame.changes.map((change) =>
    change.kind === 'gone' ? `gone ${change.id}` : `${change.kind} ${change.server.entry.name}`,
  );
}

describe('N9 watching the registry', () => {
  it('gives what is listed, then who comes, changes and leaves; a renewal that says the same is no change', async () => {
    const { clock, registry, watch, register } = setUp();
    register({ id: idOf('a'), name: 'Hamlet' });
    register({ id: idOf('b'), name: 'Othello' });
    const { next } = watch();
    expect(await next()).toEqual(['listed Hamlet', 'listed Othello']);
    expect(await next()).toEqual(['listed-all']);
    const coming = next();
    await clock.advance(1);
    register({ id: idOf('a'), name: 'Hamlet', counter: 2 });
    register({ id: idOf('c'), name: 'Macbeth' });
    await clock.advance(100);
    expect(await coming).toEqual(['listed Macbeth']);
    register({ id: idOf('c'), name: 'Macbeth', counter: 2, articles: 1 });
    expect(await next()).toEqual(['changed Macbeth']);
    const farewell = serverEntry({ id: idOf('c'), counter: 3, addresses: [] });
    registry.deregister(farewell, unsigned(farewell));
    expect(await next()).toEqual([`gone ${idOf('c')}`]);
  });

  it('says that a lease has ended when it ends, though nobody else looks', async () => {
    const { clock, watch, register } = setUp({ leaseMs: 15_000 });
    register({ id: idOf('a') });
    const { next } = watch();
    expect([await next(), await next()]).toEqual([['listed Hamlet'], ['listed-all']]);
    const heard = [next(), next(), next()];
    await clock.advance(14_999);
    await clock.advance(101);
    expect(await Promise.all(heard)).toEqual([['heartbeat'], ['heartbeat'], [`gone ${idOf('a')}`]]);
  });

  it('sends a heartbeat when it has had nothing to say for 5 s, whatever changes that is not asked for', async () => {
    const { clock, watch, register } = setUp();
    const { next } = watch({ name: 'Othello' });
    expect(await next()).toEqual(['listed-all']);
    let heard: readonly string[] | undefined;
    void next().then((frame) => {
      heard = frame;
    });
    await clock.advance(3000);
    register({ id: idOf('a'), name: 'Hamlet' });
    await clock.advance(1999);
    expect(heard).toBeUndefined();
    await clock.advance(1);
    expect(heard).toEqual(['heartbeat']);
  });

  it('holds to its filter: a server that it does not hold for any longer is gone', async () => {
    const { watch, register } = setUp();
    register({ id: idOf('a'), name: 'Hamlet', topics: ['sky'] });
    register({ id: idOf('b'), name: 'Othello', topics: ['garden'] });
    const { next } = watch({ topic: 'sky' });
    expect([await next(), await next()]).toEqual([['listed Hamlet'], ['listed-all']]);
    register({ id: idOf('a'), name: 'Hamlet', topics: ['garden'], counter: 2 });
    register({ id: idOf('b'), name: 'Othello', topics: ['sky'], counter: 2 });
    expect(await next()).toEqual([`gone ${idOf('a')}`, 'listed Othello']);
  });

  it('tells a reader that sleeps what holds when it wakes, once for each server, in frames of 64 KiB', async () => {
    const { watch, register } = setUp();
    const links = Array.from({ length: 100 }, (_, at) => idOf(at));
    const { next } = watch();
    for (let counter = 1; counter <= 20; counter += 1)
      for (let at = 0; at < 50; at += 1)
        register({ id: idOf(at), name: `Server${at}`, counter, articles: counter, links });
    expect(await next()).toEqual(['listed-all']);
    const frames: (readonly string[])[] = [];
    while (frames.flat().length < 50) frames.push(await next());
    expect(new Set(frames.flat()).size).toBe(50);
    // An entry has some 5.5 KiB here.
    expect(frames.length).toBeGreaterThan(3);
    for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(12);
  });

  it('tells what comes close together as one', async () => {
    const { clock, watch, register } = setUp();
    const { next } = watch();
    expect(await next()).toEqual(['listed-all']);
    const coming = next();
    await clock.advance(1);
    for (let at = 0; at < 10; at += 1) {
      register({ id: idOf(at % 3), name: `Server${at % 3}`, counter: at + 1, articles: at });
      await clock.advance(10);
    }
    expect(await coming).toEqual(['listed Server0', 'listed Server1', 'listed Server2']);
  });

  it('ends with its signal, read or not, and then costs nothing: its place is free, and no timer is left', async () => {
    const { clock, watch, register, registry } = setUp({ maxWatchers: 1 });
    register({ id: idOf('a') });
    const first = watch();
    expect(() => registry.watch(any, new AbortController().signal)).toThrow(/has 1 watcher/);
    first.over.abort();
    const second = watch();
    await second.next();
    await second.next();
    const last = second.next();
    await clock.advance(1);
    second.over.abort();
    expect(await last).toEqual(['the end']);
    expect(clock.waiting).toBe(0);
  });

  it('refuses a filter that cannot be meant, naming the field', () => {
    const { watch } = setUp();
    expect(() => watch({ idPrefix: 'zzz' })).toThrow(expect.objectContaining({ code: 'invalid', field: 'idPrefix' }));
  });
});
