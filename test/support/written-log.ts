import type { Entry } from '../../src/core/entry.js';
import { encodeEntry } from '../../src/core/entry-codec.js';
import { toId } from '../../src/core/ids.js';
import type { Commit, CommitEntry, Gap, Gone } from '../../src/core/log.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { leafHash } from '../../src/identity/merkle.js';
import { commitOf, rotateKey, rotationsOf } from '../../src/identity/rotate-key.js';
import { createSealer } from '../../src/identity/seal.js';
import { sealHash } from '../../src/identity/seal-statement.js';
import { entryOf } from './sealed.js';

/** One entry of a commit to be: what it says, or why its text is gone. */
export type Written = Partial<Entry> & { readonly gone?: Gone };

/** The log of somebody else, as it would be written there. */
export class WrittenLog {
  epoch = 1;
  seq = 0;
  lastSeal: Uint8Array = new Uint8Array(32);

  constructor(public identity: Identity = createIdentity()) {}

  get origin(): string {
    return this.identity.id;
  }

  commit(written: readonly Written[], storedAtMs = 5): Commit {
    const entries = written.map(({ gone, ...more }, at): CommitEntry => {
      const seq = this.seq + 1 + at;
      const bytes = encodeEntry(entryOf(this.identity, seq, { epoch: this.epoch, ...more }));
      return { hash: leafHash(bytes), bytes: gone ? undefined : bytes, gone };
    });
    const leaves = entries.map(({ hash }) => hash);
    const seal = createSealer(this.identity).seal(this.epoch, this.seq + 1, leaves, this.lastSeal);
    this.seq += entries.length;
    this.lastSeal = sealHash(seal);
    return { seal, entries, storedAtMs };
  }

  /** Gives it a new key. @returns the commit that says so. */
  rotate(storedAtMs = 5): Commit {
    const { epoch, seq, lastSeal } = this;
    this.identity = rotateKey(this.identity, { epoch, seq, lastSeal }, 1);
    const rotation = rotationsOf(this.identity.publicKey).at(-1);
    if (!rotation) throw new Error('it was not rotated');
    this.seq += 1;
    this.lastSeal = sealHash(rotation.seal);
    return commitOf(rotation, storedAtMs);
  }

  /** What takes back entry `at` of `commit`. */
  retractionOf({ seal, entries }: Commit, at = 0): Written {
    return {
      kind: 'retraction',
      body: 'not so',
      retracts: toId(entries[at]?.hash ?? new Uint8Array(32)),
      retractsSeq: seal.firstSeq + at,
      retractsEpoch: seal.epoch,
    };
  }

  gap(size: number, reason: string): Gap {
    const fromSeq = this.seq + 1;
    this.seq += size;
    this.lastSeal = new Uint8Array(32);
    return { origin: this.origin, epoch: this.epoch, fromSeq, toSeq: this.seq, reason };
  }
}
