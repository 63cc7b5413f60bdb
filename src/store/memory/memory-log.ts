import { type Entry, noHash, type Proof, type SealedArticle } from '../../core/entry.js';
import { type EntryId, type OriginId, toId } from '../../core/ids.js';
import {
  type Commit,
  type CommitEntry,
  comparePlaces,
  endOf,
  endOfGap,
  type Gap,
  type LogItem,
  type LogPlace,
  type LogState,
  logStart,
  type Whence,
} from '../../core/log.js';
import { merkleLevels, merklePath } from '../../identity/merkle.js';
import { sealHash } from '../../identity/seal-statement.js';
import { droppedAfter, entryAt, holeBefore, restOf } from '../log-order.js';

/** One entry as it is kept; its text may go. */
export interface KeptEntry {
  readonly id: EntryId;
  readonly hash: Uint8Array;
  /** Undefined as soon as the text is gone, and where the bytes are no entry of this place. */
  entry: Entry | undefined;
  kept: Pick<CommitEntry, 'bytes' | 'gone'>;
  /** The text, while it is hidden. */
  aside?: { readonly entry: Entry; readonly bytes: Uint8Array } | undefined;
}

interface KeptCommit {
  readonly seal: Commit['seal'];
  readonly storedAtMs: number;
  readonly via: OriginId | undefined;
  readonly entries: readonly KeptEntry[];
  levels: ReturnType<typeof merkleLevels> | undefined;
}

type Item = { readonly commit: KeptCommit; readonly end: LogPlace } | { readonly gap: Gap; readonly end: LogPlace };

type Text = Pick<SealedArticle, 'id' | 'entry' | 'bytes'>;

/** One log in a list. */
export class MemoryLog {
  end: LogPlace = logStart;
  lastSeal: Uint8Array = noHash;
  via: OriginId | undefined;
  /** That are kept. */
  entries = 0;
  private items: Item[] = [];
  private dropped: LogPlace = logStart;
  private readonly byId = new Map<EntryId, { readonly commit: KeptCommit; readonly index: number }>();
  /** By the id of what is taken back. */
  private readonly retractions = new Map<EntryId, KeptEntry>();

  /** @param isHidden says of an article that comes whether it is hidden. */
  constructor(
    readonly origin: OriginId,
    private readonly isHidden: (id: EntryId) => boolean = () => false,
  ) {}

  /** @returns the commit as it is kept: without the texts that were taken back. */
  add({ seal, entries, storedAtMs }: Commit, via?: OriginId): Commit {
    const { epoch, firstSeq } = seal;
    const kept = entries.map(({ hash, bytes, gone }, index): KeptEntry => {
      if (gone || !bytes) return { id: toId(hash), hash, entry: undefined, kept: { bytes: undefined, gone } };
      const entry = entryAt(bytes, this.origin, epoch, firstSeq + index);
      return { id: toId(hash), hash, entry, kept: { bytes, gone: undefined } };
    });
    const commit: KeptCommit = { seal, storedAtMs, via, entries: kept, levels: undefined };
    kept.forEach(({ id }, index) => void this.byId.set(id, { commit, index }));
    for (const entry of kept) {
      if (this.isHidden(entry.id)) this.hide(entry.id);
      this.apply(entry);
    }
    this.end = endOf({ seal });
    this.items.push({ commit, end: this.end });
    this.entries += kept.length;
    this.lastSeal = sealHash(seal);
    return toCommit(commit);
  }

  skip(gap: Gap): void {
    this.end = endOfGap(gap);
    this.items.push({ gap, end: this.end });
    this.lastSeal = noHash;
  }

  /** Sets the text of an article aside. @returns where it stands; undefined when no such text is here. */
  hide(id: EntryId): LogPlace | undefined {
    const found = this.byId.get(id);
    const kept = found?.commit.entries[found.index];
    const { entry, kept: text } = kept ?? {};
    if (!kept || entry?.kind !== 'article' || !text?.bytes) return undefined;
    kept.aside = { entry, bytes: text.bytes };
    kept.entry = undefined;
    kept.kept = { bytes: undefined, gone: 'hidden' };
    return { epoch: entry.epoch, seq: entry.seq };
  }

  unhide(id: EntryId): void {
    const found = this.byId.get(id);
    const kept = found?.commit.entries[found.index];
    if (!kept?.aside) return;
    kept.entry = kept.aside.entry;
    kept.kept = { bytes: kept.aside.bytes, gone: undefined };
    kept.aside = undefined;
  }

  /** The retraction of article `id`, if one is kept. */
  retractionOf(id: EntryId): KeptEntry | undefined {
    return this.retractions.get(id);
  }

  read(after: LogPlace, maxBytes: number): LogItem[] {
    const items: LogItem[] = [];
    let at = after;
    let bytes = 0;
    const note = (gap: Gap | undefined): void => {
      if (!gap) return;
      items.push({ kind: 'gap', gap });
      at = endOfGap(gap);
    };
    note(droppedAfter(this.origin, at, this.dropped));
    for (const item of this.items) {
      if (items.length > 0 && bytes >= maxBytes) break;
      if (comparePlaces(item.end, at) <= 0) continue;
      const [epoch, first] =
        'gap' in item ? [item.gap.epoch, item.gap.fromSeq] : [item.commit.seal.epoch, item.commit.seal.firstSeq];
      note(holeBefore(this.origin, at, epoch, first));
      if ('gap' in item) note(restOf(item.gap, at));
      else {
        items.push({ kind: 'commit', commit: toCommit(item.commit) });
        bytes += item.commit.entries.reduce((sum, { hash, kept }) => sum + hash.length + (kept.bytes?.length ?? 0), 0);
        at = item.end;
      }
    }
    return items;
  }

  whence(place: LogPlace): Whence | undefined {
    for (const item of this.items) {
      if (!('commit' in item) || item.commit.seal.epoch !== place.epoch) continue;
      const { seal, storedAtMs, via } = item.commit;
      if (seal.firstSeq <= place.seq && place.seq < seal.firstSeq + seal.size) return { storedAtMs, via };
    }
    return undefined;
  }

  /** When the oldest commit was stored; undefined when none is kept. */
  get oldestMs(): number | undefined {
    return this.oldest?.storedAtMs;
  }

  /** Drops the oldest commit, and the gaps before the next. */
  dropOldest(): void {
    const first = this.items.findIndex((item) => 'commit' in item);
    const next = this.items.findIndex((item, at) => at > first && 'commit' in item);
    const gone = this.items.splice(0, next < 0 ? this.items.length : next);
    this.dropped = gone.at(-1)?.end ?? this.dropped;
    for (const item of gone) {
      for (const kept of 'commit' in item ? item.commit.entries : []) {
        this.byId.delete(kept.id);
        this.entries -= 1;
        const retracts = kept.entry?.retracts ?? '';
        if (this.retractions.get(retracts) === kept) this.retractions.delete(retracts);
      }
    }
  }

  state(): Omit<LogState, 'head'> {
    const { origin, end, lastSeal, via, entries, oldest } = this;
    const after = oldest ? { epoch: oldest.seal.epoch, seq: oldest.seal.firstSeq - 1 } : end;
    return { origin, after, end, lastSeal, via, entries };
  }

  /** What has text, in order. */
  texts(): Text[] {
    return this.items.flatMap((item) => ('commit' in item ? item.commit.entries.flatMap(textOf) : []));
  }

  text(id: EntryId): SealedArticle | undefined {
    const found = this.byId.get(id);
    return found && sealed(found.commit, found.index);
  }

  private get oldest(): KeptCommit | undefined {
    const item = this.items.find((one) => 'commit' in one);
    return item && 'commit' in item ? item.commit : undefined;
  }

  /** What `kept` takes back, and what takes `kept` back. */
  private apply(kept: KeptEntry): void {
    const { entry } = kept;
    if (entry?.kind === 'retraction' && entry.retracts !== '') {
      if (!this.retractions.has(entry.retracts)) this.retractions.set(entry.retracts, kept);
      const found = this.byId.get(entry.retracts);
      const article = found?.commit.entries[found.index];
      if (article) takeBack(article, entry);
    }
    const retraction = this.retractions.get(kept.id)?.entry;
    if (retraction) takeBack(kept, retraction);
  }
}

function takeBack(article: KeptEntry, { retractsEpoch, retractsSeq }: Entry): void {
  const entry = article.entry ?? article.aside?.entry;
  if (entry?.kind !== 'article' || entry.epoch !== retractsEpoch || entry.seq !== retractsSeq) return;
  article.entry = undefined;
  article.aside = undefined;
  article.kept = { bytes: undefined, gone: 'retracted' };
}

function textOf({ id, entry, kept: { bytes } }: KeptEntry): Text[] {
  return entry && bytes ? [{ id, entry, bytes }] : [];
}

function sealed(commit: KeptCommit, index: number): SealedArticle | undefined {
  const { seal, entries, storedAtMs } = commit;
  const [text] = entries.slice(index, index + 1).flatMap(textOf);
  if (!text) return undefined;
  commit.levels ??= merkleLevels(entries.map(({ hash }) => hash));
  const proof: Proof = { seal, index, path: merklePath(commit.levels, index) };
  return { ...text, proof, storedAtMs };
}

function toCommit({ seal, storedAtMs, entries }: KeptCommit): Commit {
  return { seal, storedAtMs, entries: entries.map(({ hash, kept }) => ({ hash, ...kept })) };
}
