import type { Entry, Seal } from '../core/entry.js';
import { decodeEntry } from '../core/entry-codec.js';
import type { CommitChecker } from '../core/following.js';
import type { OriginId } from '../core/ids.js';
import type { Commit, CommitEntry } from '../core/log.js';
import { leafHash, merkleRoot } from './merkle.js';
import { sealHash } from './seal-statement.js';
import { isNamedBy, VerifiedSeals } from './verified-seals.js';

/**
 * Holds commits against their seals. In a run of commits of one log the last signature vouches for all: each seal names the
 * hash of the one before. Remembers the seals it has verified, since the same ones come over several links.
 */
export class SealedCommits implements CommitChecker {
  private readonly seals = new VerifiedSeals();

  async check(commits: readonly Commit[]): Promise<readonly (string | undefined)[]> {
    return this.checkNow(commits);
  }

  /** As `check`, at once. */
  checkNow(commits: readonly Commit[]): readonly (string | undefined)[] {
    const later = new Map<OriginId, Seal>();
    const faults = commits.toReversed().map((commit) => {
      const { seal } = commit;
      if (!this.isGenuine(seal, later.get(seal.origin))) return 'its seal was not made by its origin';
      later.set(seal.origin, seal);
      return faultOf(commit);
    });
    return faults.reverse();
  }

  private isGenuine(seal: Seal, later: Seal | undefined): boolean {
    const hash = sealHash(seal);
    return (later !== undefined && isNamedBy(seal, later, hash)) || this.seals.isValid(seal, hash);
  }
}

/** What is wrong with the entries of a commit whose seal is genuine. */
function faultOf({ seal, entries }: Commit): string | undefined {
  if (entries.length !== seal.size) return `it has ${entries.length} entries where its seal covers ${seal.size}`;
  for (const [index, entry] of entries.entries()) {
    const fault = faultOfEntry(entry, seal, seal.firstSeq + index);
    if (fault !== undefined) return fault;
  }
  const root = merkleRoot(entries.map(({ hash }) => hash));
  return Buffer.compare(root, seal.root) === 0 ? undefined : 'its entries are not those that were sealed';
}

function faultOfEntry({ hash, bytes, gone }: CommitEntry, seal: Seal, seq: number): string | undefined {
  if (hash.length !== 32) return `the hash of entry ${seq} is none`;
  if (bytes === undefined) return gone === undefined ? `entry ${seq} has no text, and no reason for it` : undefined;
  if (Buffer.compare(leafHash(bytes), hash) !== 0) return `the hash of entry ${seq} is not that of its text`;
  const entry = read(bytes);
  if (!entry) return `entry ${seq} cannot be read`;
  const isAtItsPlace = entry.origin === seal.origin && entry.epoch === seal.epoch && entry.seq === seq;
  return isAtItsPlace ? undefined : `entry ${seq} names another place than its own`;
}

function read(bytes: Uint8Array): Entry | undefined {
  try {
    return decodeEntry(bytes);
  } catch {
    return undefined;
  }
}
