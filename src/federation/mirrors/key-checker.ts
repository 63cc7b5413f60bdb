import { decodeEntry } from '../../core/entry-codec.js';
import type { CommitChecker } from '../../core/following.js';
import type { Commit } from '../../core/log.js';
import { readKeyLine, withRotation } from '../../identity/key-line.js';
import type { KeyRing } from '../../identity/key-ring.js';

/** Besides their seals, holds commits against what is known of their origins' keys, and follows the rotations among them. */
export class KeyChecker implements CommitChecker {
  constructor(
    private readonly seals: CommitChecker,
    private readonly ring: KeyRing,
  ) {}

  async check(commits: readonly Commit[]): Promise<readonly (string | undefined)[]> {
    const faults = await this.seals.check(commits);
    return commits.map((commit, at) => faults[at] ?? this.faultOf(commit));
  }

  private faultOf(commit: Commit): string | undefined {
    if (!this.ring.acceptsSeal(commit.seal)) return 'its origin has replaced the key that sealed it';
    this.follow(commit);
    return undefined;
  }

  private follow({ seal, entries: [only] }: Commit): void {
    const entry = seal.size === 1 ? only?.bytes : undefined;
    if (!entry || decodeEntry(entry).kind !== 'rotation') return;
    const publicKey = withRotation(seal.publicKey, { entry, seal });
    if (readKeyLine(publicKey)) this.ring.accepts(seal.origin, publicKey);
  }
}
