import type { Head } from '../../core/entry.js';
import { invalid } from '../../core/errors.js';
import type { EntryId, OriginId } from '../../core/ids.js';
import { Listeners } from '../../core/listeners.js';
import {
  type Commit,
  endOf,
  type Gap,
  type LogItem,
  type LogPlace,
  type LogState,
  type LogStore,
  logStart,
  type MirroredCommit,
  type Retention,
  type Whence,
} from '../../core/log.js';
import type { HiddenArticle, Hiding } from '../../core/moderation.js';
import { isNewerHead } from '../../core/newer-head.js';
import { assertFollows, assertGap, assertWhole } from '../log-order.js';
import { notHidden, notKept, ownArticle } from '../refusals.js';
import { MemoryLog } from './memory-log.js';

/** Logs in memory: the own one, and mirrors. */
export class MemoryLogs implements LogStore {
  readonly own: MemoryLog;
  private readonly mirrors = new Map<OriginId, MemoryLog>();
  /** Of logs that nothing has come of yet, as well. */
  private readonly heads = new Map<OriginId, Head>();
  private readonly commits = new Listeners<Commit>();
  private readonly gaps = new Listeners<Gap>();
  private readonly hiddenById = new Map<EntryId, HiddenArticle>();

  constructor(own: OriginId) {
    this.own = new MemoryLog(own);
  }

  get(origin: OriginId): MemoryLog | undefined {
    return origin === this.own.origin ? this.own : this.mirrors.get(origin);
  }

  get all(): readonly MemoryLog[] {
    return [this.own, ...this.mirrors.values()];
  }

  async states(): Promise<readonly LogState[]> {
    return this.all.map((log) => this.stateOf(log));
  }

  async state(origin: OriginId): Promise<LogState | undefined> {
    const log = this.get(origin);
    return log && this.stateOf(log);
  }

  async read(origin: OriginId, after: LogPlace, maxBytes: number): Promise<readonly LogItem[]> {
    return this.get(origin)?.read(after, maxBytes) ?? [];
  }

  async take(commits: readonly MirroredCommit[]): Promise<void> {
    const ends = new Map<OriginId, LogPlace>();
    for (const { commit } of commits) {
      const { origin } = commit.seal;
      assertWhole(commit);
      assertFollows(ends.get(origin) ?? this.get(origin)?.end ?? logStart, commit, this.own.origin);
      ends.set(origin, endOf(commit));
    }
    for (const { commit, via } of commits) this.add(this.open(commit.seal.origin, via), commit, via);
  }

  async skip(gap: Gap, via: OriginId): Promise<void> {
    assertGap(this.get(gap.origin)?.end ?? logStart, gap, this.own.origin);
    this.open(gap.origin, via).skip(gap);
    this.gaps.tell(gap);
  }

  async whence(origin: OriginId, place: LogPlace): Promise<Whence | undefined> {
    return this.get(origin)?.whence(place);
  }

  async noteHead(head: Head): Promise<void> {
    if (isNewerHead(head, this.heads.get(head.origin))) this.heads.set(head.origin, head);
  }

  async drop(origin: OriginId): Promise<void> {
    if (origin === this.own.origin) throw invalid('origin', 'the own log is kept for ever');
    this.mirrors.delete(origin);
    this.heads.delete(origin);
  }

  async expire({ storedBeforeMs, mostEntries }: Retention): Promise<readonly LogState[]> {
    const changed = new Set<MemoryLog>();
    const dropOldest = (log: MemoryLog): void => {
      log.dropOldest();
      changed.add(log);
    };
    for (const log of this.mirrors.values()) while ((log.oldestMs ?? storedBeforeMs) < storedBeforeMs) dropOldest(log);
    for (const via of new Set([...this.mirrors.values()].map((log) => log.via))) {
      const logs = [...this.mirrors.values()].filter((log) => log.via === via);
      while (logs.reduce((sum, { entries }) => sum + entries, 0) > mostEntries)
        dropOldest(logs.filter(({ entries }) => entries > 0).reduce(older));
    }
    return [...changed].map((log) => this.stateOf(log));
  }

  onCommit(listener: (commit: Commit) => void): () => void {
    return this.commits.add(listener);
  }

  onGap(listener: (gap: Gap) => void): () => void {
    return this.gaps.add(listener);
  }

  /** Appends what has been looked at, and tells. */
  add(log: MemoryLog, commit: Commit, via?: OriginId): void {
    this.commits.tell(log.add(commit, via));
  }

  get hidden(): readonly HiddenArticle[] {
    const isTakenBack = ({ origin, id }: HiddenArticle): boolean => this.get(origin)?.retractionOf(id) !== undefined;
    return [...this.hiddenById.values()].filter((hidden) => !isTakenBack(hidden));
  }

  hide(hiding: Hiding): HiddenArticle {
    const before = this.hidden.find(({ id }) => id === hiding.id);
    if (before) return before;
    if (this.own.text(hiding.id)?.entry.kind === 'article') throw ownArticle(hiding.id);
    for (const log of this.mirrors.values()) {
      const place = log.hide(hiding.id);
      if (!place) continue;
      const hidden = { ...hiding, origin: log.origin, ...place };
      this.hiddenById.set(hiding.id, hidden);
      return hidden;
    }
    throw notKept(hiding.id);
  }

  unhide(id: EntryId): HiddenArticle {
    const hidden = this.hidden.find((one) => one.id === id);
    if (!hidden) throw notHidden(id);
    this.hiddenById.delete(id);
    this.get(hidden.origin)?.unhide(id);
    return hidden;
  }

  private stateOf(log: MemoryLog): LogState {
    return { ...log.state(), head: log === this.own ? undefined : this.heads.get(log.origin) };
  }

  private open(origin: OriginId, via: OriginId): MemoryLog {
    const log = this.get(origin) ?? new MemoryLog(origin, (id) => this.hiddenById.has(id));
    if (log === this.own) return log;
    log.via = via;
    this.mirrors.set(origin, log);
    return log;
  }
}

function older(a: MemoryLog, b: MemoryLog): MemoryLog {
  const [inA, inB] = [a.oldestMs ?? 0, b.oldestMs ?? 0];
  return inA < inB || (inA === inB && a.origin < b.origin) ? a : b;
}
