import type { Entry } from '../../src/core/entry.js';
import { noHash } from '../../src/core/entry.js';
import { encodeEntry } from '../../src/core/entry-codec.js';
import type { Commit } from '../../src/core/log.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { leafHash } from '../../src/identity/merkle.js';
import { createSealer } from '../../src/identity/seal.js';
import { sealHash } from '../../src/identity/seal-statement.js';
import { entryOf } from './sealed.js';

/** Makes the log of one origin, commit by commit, as the origin itself would. */
export class LogBuilder {
  readonly commits: Commit[] = [];
  private previous: Uint8Array = noHash;
  private seq = 0;

  constructor(readonly identity: Identity = createIdentity()) {}

  get origin(): string {
    return this.identity.id;
  }

  /** Seals the next commit: one entry for each of `changes`. */
  next(changes: readonly Partial<Entry>[], storedAtMs = 5): Commit {
    const entries = changes.map((change, at) => entryOf(this.identity, this.seq + 1 + at, change));
    const bytes = entries.map(encodeEntry);
    const hashes = bytes.map((one) => leafHash(one));
    const seal = createSealer(this.identity).seal(1, this.seq + 1, hashes, this.previous);
    this.seq += entries.length;
    this.previous = sealHash(seal);
    const commit: Commit = {
      seal,
      storedAtMs,
      entries: hashes.map((hash, at) => ({ hash, bytes: bytes[at], gone: undefined })),
    };
    this.commits.push(commit);
    return commit;
  }

  /** Entries that are never had: the log goes on behind them. */
  skip(count: number): { fromSeq: number; toSeq: number } {
    this.next(Array.from({ length: count }, () => ({})));
    this.commits.pop();
    return { fromSeq: this.seq - count + 1, toSeq: this.seq };
  }
}
