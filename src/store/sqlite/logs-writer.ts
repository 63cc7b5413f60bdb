import type { Database } from 'better-sqlite3';
import type { MootError } from '../../core/errors.js';
import type { ArticleRefusal, HeldArticle } from '../../core/held.js';
import { type Commit, logStart, type Retraction } from '../../core/log.js';
import type { DailyQuota } from '../../core/quota.js';
import type { Appended, Published, Sealer } from '../../core/stores.js';
import { CommitReader } from './commit-reader.js';
import { HiddenArticles } from './hidden.js';
import { LogTables } from './log-tables.js';
import { LogWriter, type Waiting } from './log-writer.js';
import { MirrorDropper } from './mirror-dropper.js';
import { type MirrorChange, MirrorWriter } from './mirror-writer.js';
import { Mirrors } from './mirrors.js';
import { type PackedCommits, packCommits } from './packed-commits.js';
import { Retractions } from './retractions.js';
import type { WordIndex } from './word-index.js';

/** All that writes logs, on the one connection that writes; what is on the disk is told to who listens. */
export class LogsWriter {
  readonly dropper: MirrorDropper;
  readonly hidden: HiddenArticles;
  private readonly tables: LogTables;
  private readonly log: LogWriter;
  private readonly retractions: Retractions;
  private readonly mirrors: MirrorWriter;
  private readonly reader: CommitReader;

  /** @throws MootError `damaged` or `denied` as `LogWriter`. */
  constructor(
    database: Database,
    private readonly sealer: Sealer,
    index: WordIndex,
    private readonly isHeard: () => boolean,
    private readonly tell: (packed: PackedCommits) => void,
    quota?: DailyQuota,
  ) {
    const tables = new LogTables(database);
    const log = new LogWriter(database, sealer, tables, quota);
    const mirrors = new Mirrors(database, tables);
    const own = { origin: sealer.origin, log };
    this.tables = tables;
    this.log = log;
    this.hidden = new HiddenArticles(database, sealer.origin, tables, index);
    this.retractions = new Retractions(database, tables, index, this.hidden);
    const withheld = { retractions: this.retractions, hidden: this.hidden };
    this.mirrors = new MirrorWriter(database, own, tables, mirrors, withheld);
    this.dropper = new MirrorDropper(database, sealer.origin, tables, mirrors, withheld, index);
    this.reader = new CommitReader(database);
  }

  /** The place of the last entry that is on the disk. */
  get lastPlace(): number {
    return this.tables.lastPlace;
  }

  append(batch: readonly Waiting[]): Appended[] {
    return this.told((onSealed) => this.log.append(batch, onSealed));
  }

  retract(retraction: Retraction, nowMs: number): Published {
    return this.told((onSealed) => this.log.retract(retraction, nowMs, this.retractions, onSealed));
  }

  release(id: string, nowMs: number): Published {
    return this.told((onSealed) => this.log.release(id, nowMs, onSealed));
  }

  refuse(id: string, refusal: ArticleRefusal): HeldArticle {
    return this.log.refuse(id, refusal);
  }

  /** @returns for each, in order, why it was refused, if it was. */
  mirror(changes: readonly MirrorChange[]): (MootError | undefined)[] {
    const refusals = this.mirrors.write(changes);
    changes.forEach((change, at) => {
      if (change.kind === 'take' && !refusals[at] && this.isHeard()) this.tell(change.take.packed);
    });
    return refusals;
  }

  private told<Result>(write: (onSealed: ((commit: Commit) => void) | undefined) => Result): Result {
    const { end } = this.log;
    const wasHeard = this.isHeard();
    const result = write(wasHeard ? (commit) => this.tell(packCommits([commit])) : undefined);
    // Who began to listen while it was written may have looked at the log before it was there.
    if (!wasHeard && this.isHeard()) {
      const { origin } = this.sealer;
      const log = { origin, number: this.tables.origins.numberOf(origin), dropped: logStart };
      const items = this.reader.read(log, end, Number.POSITIVE_INFINITY);
      const commits = items.flatMap((item) => (item.kind === 'commit' ? item.commit : []));
      if (commits.length > 0) this.tell(packCommits(commits));
    }
    return result;
  }
}
