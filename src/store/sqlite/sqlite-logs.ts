import type { Head } from '../../core/entry.js';
import type { OriginId } from '../../core/ids.js';
import { Listeners } from '../../core/listeners.js';
import type {
  Commit,
  Gap,
  LogItem,
  LogPlace,
  LogState,
  LogStore,
  MirroredCommit,
  Retention,
  Whence,
} from '../../core/log.js';
import type { ReaderCalls, WriterCalls } from './messages.js';
import { type PackedCommits, packCommits, unpackCommits, unpackLog } from './packed-commits.js';
import type { Method } from './worker-link.js';

type Calls<All> = <M extends keyof All & string>(
  method: M,
  ...args: Method<All, M>['args']
) => Promise<Method<All, M>['result']>;

/** Logs, as the calling thread sees them: it only packs and unpacks. */
export class SqliteLogs implements LogStore {
  private readonly commits = new Listeners<Commit>();
  private readonly gaps = new Listeners<Gap>();
  /** Shared with the writer: 1 while somebody listens, so that not even a commit that is under way is missed. */
  readonly heard = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  constructor(
    private readonly ask: Calls<ReaderCalls>,
    private readonly write: Calls<WriterCalls>,
  ) {}

  async states(): Promise<readonly LogState[]> {
    return await this.ask('logStates');
  }

  async state(origin: OriginId): Promise<LogState | undefined> {
    return await this.ask('logState', origin);
  }

  async read(origin: OriginId, after: LogPlace, maxBytes: number): Promise<readonly LogItem[]> {
    return unpackLog(await this.ask('readLog', origin, after, maxBytes));
  }

  async take(commits: readonly MirroredCommit[]): Promise<void> {
    if (commits.length === 0) return;
    const packed = packCommits(commits.map(({ commit }) => commit));
    await this.write('take', { packed, vias: commits.map(({ via }) => via) });
  }

  async skip(gap: Gap, via: OriginId): Promise<void> {
    await this.write('skip', gap, via);
    this.gaps.tell(gap);
  }

  async whence(origin: OriginId, place: LogPlace): Promise<Whence | undefined> {
    return await this.ask('whence', origin, place);
  }

  async noteHead(head: Head): Promise<void> {
    await this.write('noteHead', head);
  }

  async drop(origin: OriginId): Promise<void> {
    await this.write('drop', origin);
  }

  async expire(retention: Retention): Promise<readonly LogState[]> {
    const changed = new Set(await this.write('expire', retention));
    return changed.size === 0 ? [] : (await this.states()).filter(({ origin }) => changed.has(origin));
  }

  onCommit(listener: (commit: Commit) => void): () => void {
    const remove = this.commits.add(listener);
    Atomics.store(this.heard, 0, 1);
    return () => {
      remove();
      if (this.commits.size === 0) Atomics.store(this.heard, 0, 0);
    };
  }

  onGap(listener: (gap: Gap) => void): () => void {
    return this.gaps.add(listener);
  }

  /** The writer has put these on the disk. */
  tell(packed: PackedCommits): void {
    if (this.commits.size === 0) return;
    for (const commit of unpackCommits(packed)) this.commits.tell(commit);
  }
}
