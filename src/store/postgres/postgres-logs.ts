import type { Head } from '../../core/entry.js';
import type { OriginId } from '../../core/ids.js';
import {
  type Commit,
  endOf,
  endOfGap,
  type Gap,
  type LogItem,
  type LogPlace,
  type LogState,
  type LogStore,
  type MirroredCommit,
  type Retention,
  type Whence,
} from '../../core/log.js';
import type { LogReader } from './log-reader.js';
import type { LogStates } from './log-states.js';
import type { MirrorDropper } from './mirror-dropper.js';
import type { MirrorWriter } from './mirror-writer.js';
import type { Tail } from './tail.js';
import type { Watch } from './watch.js';

export interface PostgresLogsParts {
  readonly states: LogStates;
  readonly reader: LogReader;
  readonly writer: MirrorWriter;
  readonly dropper: MirrorDropper;
  readonly tail: Tail;
  readonly watch: Watch;
  /** The own log was brought back from a mirror. */
  readonly onOwn: () => void;
  readonly onHidden: (version: number) => void;
  readonly own: OriginId;
}

/** Logs in tables: the own one, and mirrors. */
export class PostgresLogs implements LogStore {
  constructor(private readonly parts: PostgresLogsParts) {}

  states(): Promise<readonly LogState[]> {
    return this.parts.states.all();
  }

  state(origin: OriginId): Promise<LogState | undefined> {
    return this.parts.states.one(origin);
  }

  read(origin: OriginId, after: LogPlace, maxBytes: number): Promise<readonly LogItem[]> {
    return this.parts.reader.read(origin, after, maxBytes);
  }

  async take(commits: readonly MirroredCommit[]): Promise<void> {
    if (commits.length === 0) return;
    const { writer, own, onOwn, onHidden } = this.parts;
    const taken = await writer.take(commits);
    if (commits.some(({ commit }) => commit.seal.origin === own)) onOwn();
    if (taken.hiddenVersion !== undefined) onHidden(taken.hiddenVersion);
    for (const commit of taken.commits) await this.wrote(commit);
  }

  async skip(gap: Gap, via: OriginId): Promise<void> {
    await this.parts.writer.skip(gap, via);
    await this.tell({ kind: 'gap', gap });
    this.parts.watch.rang(gap.origin, endOfGap(gap));
  }

  whence(origin: OriginId, place: LogPlace): Promise<Whence | undefined> {
    return this.parts.states.whence(origin, place);
  }

  noteHead(head: Head): Promise<void> {
    return this.parts.writer.noteHead(head);
  }

  async drop(origin: OriginId): Promise<void> {
    await this.parts.dropper.drop(origin);
    this.parts.tail.forget(origin);
  }

  async expire(retention: Retention): Promise<readonly LogState[]> {
    const changed = await this.parts.dropper.expire(retention);
    return changed.size === 0 ? [] : (await this.states()).filter(({ origin }) => changed.has(origin));
  }

  onCommit(listener: (commit: Commit) => void): () => void {
    return this.parts.tail.commits.add(listener);
  }

  onGap(listener: (gap: Gap) => void): () => void {
    return this.parts.tail.gaps.add(listener);
  }

  /** It is in the tables: whoever listens is told, here before this returns and at other replicas soon. */
  async wrote(commit: Commit): Promise<void> {
    await this.tell({ kind: 'commit', commit });
    this.parts.watch.rang(commit.seal.origin, endOf(commit), commit);
  }

  /** What is durable stays acknowledged: where what stands before it cannot be read now, the next look tells of both. */
  private async tell(item: LogItem): Promise<void> {
    await this.parts.tail.wrote(item).catch(() => undefined);
  }
}
