import type { OriginId } from '../../core/ids.js';
import { limits } from '../../core/limits.js';
import { endOf, type LogPlace, logStart } from '../../core/log.js';
import type { CommitPart, EntriesFrame } from '../../core/subscribing.js';
import { provePart } from '../../identity/merkle.js';
import type { DecodedCommit } from './decoded.js';
import type { Matcher } from './matcher.js';

/** What a seal and the numbers around it take in a message, about. */
const partBytes = 300;

/**
 * The frames that show those entries of commits of one log that match: at most `limits.frameEntries` entries and
 * `limits.frameBytes`, or one entry. The last frame goes through to the end of the last commit.
 * @param after what was shown before: nothing up to there is shown again.
 */
export function entriesFrames(
  commits: readonly DecodedCommit[],
  matcher: Matcher,
  live: boolean,
  after: LogPlace = logStart,
): EntriesFrame[] {
  const builder = new Builder(live);
  for (const commit of commits) builder.add(commit, wanted(commit, matcher, after));
  return builder.finish();
}

/** A place may lie in the middle of a commit: a reader who has its beginning is shown the rest. */
function wanted({ commit, entries }: DecodedCommit, matcher: Matcher, after: LogPlace): number[] {
  const indexes: number[] = [];
  const { origin, epoch, firstSeq } = commit.seal;
  if (!matcher.wants(origin)) return indexes;
  const first = epoch === after.epoch ? after.seq - firstSeq + 1 : 0;
  entries.forEach((entry, index) => {
    const hash = commit.entries[index]?.hash ?? nothing;
    if (index >= first && entry && matcher.isWanted(entry, hash)) indexes.push(index);
  });
  return indexes;
}

class Builder {
  private readonly frames: EntriesFrame[] = [];
  private parts: CommitPart[] = [];
  private count = 0;
  private bytes = 0;
  private origin: OriginId = '';
  private through: LogPlace = { epoch: 1, seq: 0 };

  constructor(private readonly live: boolean) {}

  add(decoded: DecodedCommit, indexes: readonly number[]): void {
    const { seal, entries } = decoded.commit;
    this.origin = seal.origin;
    let chosen: number[] = [];
    const close = (): void => {
      if (chosen.length > 0) this.addPart(decoded, chosen);
      chosen = [];
    };
    this.bytes += partBytes;
    for (const index of indexes) {
      const size = entries[index]?.bytes?.length ?? 0;
      if (this.count > 0 && (this.count >= limits.frameEntries || this.bytes + size > limits.frameBytes)) {
        close();
        this.cut();
        this.bytes += partBytes;
      }
      chosen.push(index);
      this.count += 1;
      this.bytes += size;
      this.through = { epoch: seal.epoch, seq: seal.firstSeq + index };
    }
    close();
    this.through = endOf(decoded.commit);
  }

  finish(): EntriesFrame[] {
    this.cut();
    const last = this.frames.pop();
    // What did not match behind it is seen with it.
    return last ? [...this.frames, { ...last, through: this.through }] : [];
  }

  private addPart(decoded: DecodedCommit, indexes: readonly number[]): void {
    const { seal, entries, storedAtMs } = decoded.commit;
    const isWhole = indexes.length === entries.length;
    const hashes = isWhole ? nothing : provePart(decoded.levels, indexes);
    this.bytes += hashes.length;
    const bytes = indexes.map((index) => entries[index]?.bytes ?? nothing);
    this.parts.push({ seal, indexes, entries: bytes, hashes, storedAtMs });
  }

  private cut(): void {
    const { origin, parts, through, live, bytes } = this;
    if (parts.length > 0) this.frames.push({ kind: 'entries', origin, parts, through, live, bytes });
    [this.parts, this.count, this.bytes] = [[], 0, 0];
  }
}

const nothing = new Uint8Array(0);
