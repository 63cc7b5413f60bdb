import { describe, expect, it } from '@jest/globals';
import type { CommitChecker } from '../../src/core/following.js';
import { logStart } from '../../src/core/log.js';
import { KeyChecker } from '../../src/federation/mirrors/key-checker.js';
import { takeRotations } from '../../src/federation/mirrors/take-rotations.js';
import { ArticleChecker } from '../../src/identity/check-article.js';
import { SealedCommits } from '../../src/identity/check-commit.js';
import { PartChecker } from '../../src/identity/check-part.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { rotateKey } from '../../src/identity/rotate-key.js';
import { Registry } from '../../src/registry/registry.js';
import { openStore } from '../../src/store/open-store.js';
import { openServerEntry, signServerEntry } from '../../src/wire/convert-server-entry.js';
import { rotatedAfter } from '../support/rotated.js';
import { sealCommit } from '../support/sealed.js';
import { serverEntry } from '../support/server-entries.js';
import { StepClock } from '../support/step-clock.js';
import { WrittenLog } from '../support/written-log.js';

const replaced = 'its origin has replaced the key that sealed it';
const forged = 'its seal was not made by its origin';

describe('the log of a community that rotates its key', () => {
  it('N5 is checked across the rotation, and nobody can pass a seal off as another key’s', async () => {
    const log = new WrittenLog();
    const commits = [
      log.commit([{}]),
      log.rotate(),
      log.commit([{}]),
      log.commit([{}]),
      log.rotate(),
      log.commit([{}]),
    ];
    expect(new SealedCommits().checkNow(commits)).toEqual(commits.map(() => undefined));
    const keys = [...new Set(commits.map(({ seal }) => seal.publicKey))];
    for (const [at, commit] of commits.entries())
      for (const publicKey of keys) {
        if (Buffer.compare(publicKey, commit.seal.publicKey) === 0) continue;
        const lie = commits.with(at, { ...commit, seal: { ...commit.seal, publicKey } });
        expect(new SealedCommits().checkNow(lie)[at]).toBe(forged);
      }
  });

  it('N5 is followed from the rotation entry on: what the old key seals after it, and what it was rotated to again, is refused', async () => {
    const log = new WrittenLog();
    const first = log.commit([{}]);
    const [thief, rival] = [copyOf(log), copyOf(log)];
    const checker: CommitChecker = new KeyChecker(new SealedCommits(), new KeyRing());
    expect(await checker.check([first])).toEqual([undefined]);
    const forks = [thief.commit([{}]), thief.commit([{}]), rival.rotate(), rival.commit([{}])];
    expect(await checker.check([log.rotate()])).toEqual([undefined]);
    expect(await checker.check(forks)).toEqual(forks.map(() => replaced));
    thief.epoch = 2;
    expect(await checker.check([thief.commit([{}]), log.commit([{}]), first])).toEqual([
      replaced,
      undefined,
      undefined,
    ]);
  });

  it('N5 comes to those who read single articles or parts with the first seal of the new key', () => {
    const [old, current = old] = rotatedAfter(createIdentity(), [7]) as [Identity, Identity?];
    const ring = new KeyRing();
    const articles = new ArticleChecker(ring);
    const [early] = sealCommit(old, 1);
    const late = new WrittenLog(old);
    late.seq = 8;
    const { seal, entries } = late.commit([{}]);
    const part = { seal, indexes: [0], entries: entries.flatMap(({ bytes }) => bytes ?? []), hashes: new Uint8Array() };
    const mine = new WrittenLog(current);
    mine.seq = 8;
    const own = mine.commit([{}]);
    const ownPart = { ...part, seal: own.seal, entries: own.entries.flatMap(({ bytes }) => bytes ?? []) };
    const parts = new PartChecker(ring);
    expect(parts.check({ ...part, storedAtMs: 1 })).toHaveLength(1);
    expect(parts.check({ ...ownPart, storedAtMs: 1 })).toHaveLength(1);
    expect(() => new PartChecker(ring).check({ ...part, storedAtMs: 1 })).toThrow('not made by the origin');
    if (early) expect(articles.check(early.bytes, early.proof, 1).entry.seq).toBe(1);
  });

  it('N5 gets a rotation that a crash has kept from it, once, and an old copy of it says that it is one', async () => {
    const identity = createIdentity();
    const { logs } = await openStore('memory:', { identity });
    const once = rotateKey(identity, { epoch: 1, seq: 0, lastSeal: new Uint8Array(32) }, 1);
    for (let start = 0; start < 2; start += 1) expect(await takeRotations(once, logs, 2)).toBeUndefined();
    const state = await logs.state(identity.id);
    expect(state).toMatchObject({ end: { epoch: 1, seq: 1 }, after: logStart });
    const later = rotateKey(once, { epoch: 1, seq: 7, lastSeal: state?.lastSeal ?? new Uint8Array(32) }, 3);
    expect(await takeRotations(later, logs, 4)).toEqual({ epoch: 1, seq: 8 });
    expect((await logs.state(identity.id))?.end).toEqual({ epoch: 1, seq: 1 });
  });
});

describe('a registry', () => {
  it('N5 lists the newest key’s word, whatever the counter of another, and takes nothing from a key that was replaced', () => {
    const registry = new Registry(new StepClock());
    const [old, current = old] = rotatedAfter(createIdentity(), [7]) as [Identity, Identity?];
    const [, rival = old] = rotatedAfter(old, [7]);
    const send = (identity: Identity, counter: number, how: 'register' | 'deregister' = 'register') => {
      const addresses = how === 'register' ? ['localhost:50052'] : [];
      const signed = signServerEntry(identity, serverEntry({ id: identity.id, counter, addresses }));
      return registry[how](openServerEntry(signed), signed);
    };
    const listed = () =>
      registry
        .list({ pageSize: 0, pageToken: '', name: '', idPrefix: '', topic: '' })
        .servers.map(({ entry: { rotations, counter } }) => [rotations, counter]);
    send(old, 99);
    send(current, 5);
    expect(listed()).toEqual([[1, 5]]);
    for (const thief of [old, rival]) {
      expect(() => send(thief, 100)).toThrow('replaced the key');
      expect(() => send(thief, 101, 'deregister')).toThrow('replaced the key');
    }
    expect(() => send(current, 4)).toThrow('counter 4 is not above 5');
    send(current, 6, 'deregister');
    expect(() => send(old, 102)).toThrow('replaced the key');
    expect(listed()).toEqual([]);
  });
});

function copyOf(log: WrittenLog): WrittenLog {
  const copy = new WrittenLog(log.identity);
  return Object.assign(copy, { epoch: log.epoch, seq: log.seq, lastSeal: log.lastSeal });
}
