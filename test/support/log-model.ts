import { toId } from '../../src/core/ids.js';
import { type Commit, comparePlaces, type LogItem, type LogPlace, logStart } from '../../src/core/log.js';
import { entryAt } from '../../src/store/log-order.js';
import type { WrittenLog } from './written-log.js';

interface Slot {
  readonly place: LogPlace;
  readonly commit: Commit | undefined;
  readonly id: string;
  readonly hash: string;
  readonly bytes: string;
  /** Why the text is gone, or the reason of a gap. */
  readonly gone: string | undefined;
  readonly retracts: string;
  readonly isArticle: boolean;
  /** The text, while it is hidden. */
  readonly aside?: string | undefined;
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** A log as a list of places, each by itself; everything is looked for from the beginning. */
export class ModelLog {
  slots: Slot[] = [];
  via = '';
  end: LogPlace = logStart;
  lastSeal = hex(new Uint8Array(32));

  take(commit: Commit, log: Pick<WrittenLog, 'lastSeal'>): void {
    const { origin, epoch, firstSeq } = commit.seal;
    commit.entries.forEach(({ hash, bytes, gone }, at) => {
      const place = { epoch, seq: firstSeq + at };
      const entry = bytes && entryAt(bytes, origin, epoch, place.seq);
      const retracts = entry?.kind === 'retraction' ? entry.retracts : '';
      const isArticle = entry?.kind === 'article';
      this.slots.push({ place, commit, id: toId(hash), hash: hex(hash), bytes: hex(bytes), gone, retracts, isArticle });
      this.end = place;
    });
    this.lastSeal = hex(log.lastSeal);
  }

  skip(epoch: number, fromSeq: number, toSeq: number, reason: string): void {
    for (let seq = fromSeq; seq <= toSeq; seq += 1) {
      const nothing = { commit: undefined, id: '', hash: '', bytes: '', retracts: '', isArticle: false };
      this.slots.push({ ...nothing, place: { epoch, seq }, gone: reason });
      this.end = { epoch, seq };
    }
    this.lastSeal = hex(new Uint8Array(32));
  }

  /** Empties what is taken back by what is kept now: what is gone stays gone. */
  settle(): void {
    for (const { retracts } of this.slots)
      this.slots = this.slots.map((slot) =>
        (slot.isArticle || slot.aside !== undefined) && slot.id === retracts
          ? { ...slot, bytes: '', aside: undefined, gone: 'retracted', isArticle: false }
          : slot,
      );
  }

  hide(id: string): void {
    this.change(id, (slot) => ({ ...slot, bytes: '', aside: slot.bytes, gone: 'hidden', isArticle: false }));
  }

  unhide(id: string): void {
    const shown = { aside: undefined, gone: undefined, isArticle: true };
    this.change(id, (slot) => ({ ...slot, bytes: slot.aside ?? '', ...shown }));
  }

  /** The ids of what is hidden, and has its text. */
  get hidden(): readonly string[] {
    return this.slots.filter(({ aside }) => aside !== undefined).map(({ id }) => id);
  }

  private change(id: string, how: (slot: Slot) => Slot): void {
    this.slots = this.slots.map((slot) => (slot.id === id ? how(slot) : slot));
  }

  get kept(): readonly Slot[] {
    return this.slots.filter(({ commit }) => commit);
  }

  dropOldest(): void {
    const oldest = this.kept[0]?.commit;
    const from = this.slots.findIndex(({ commit }) => commit && commit !== oldest);
    this.slots = from < 0 ? [] : this.slots.slice(from);
  }

  get after(): LogPlace {
    const first = this.kept[0]?.place;
    return first ? { epoch: first.epoch, seq: first.seq - 1 } : this.end;
  }

  /** The ids of what can be found. */
  get articles(): readonly string[] {
    return this.slots.filter(({ isArticle }) => isArticle).map(({ id }) => id);
  }

  /** Places, hashes and texts of what a reader past `after` gets: commits whole. */
  past(after: LogPlace): readonly string[] {
    const wanted = new Set(
      this.slots.filter(({ place }) => comparePlaces(place, after) > 0).map(({ commit, place }) => commit ?? place),
    );
    return this.slots
      .filter(({ commit, place }) => wanted.has(commit ?? place))
      .map(({ place, hash, bytes, gone }) => [place.epoch, place.seq, hash, bytes, gone].join(' '));
  }
}

/** What a store gave, in the same words; what is older than all that is kept has no place in the model. */
export function slotsOf(items: readonly LogItem[]): string[] {
  return items.flatMap((item) => {
    if (item.kind === 'gap') {
      const { epoch, fromSeq, toSeq, reason } = item.gap;
      if (reason.startsWith('older')) return [];
      return Array.from({ length: toSeq - fromSeq + 1 }, (_, at) => `${epoch} ${fromSeq + at}   ${reason}`);
    }
    const { seal, entries } = item.commit;
    return entries.map(({ hash, bytes, gone }, at) =>
      [seal.epoch, seal.firstSeq + at, hex(hash), hex(bytes), gone].join(' '),
    );
  });
}

/** @throws when two items have something between them that neither names. */
export function assertNoHoles(items: readonly LogItem[], after: LogPlace): void {
  let at = after;
  for (const item of items) {
    const [epoch, first, last] =
      item.kind === 'gap'
        ? [item.gap.epoch, item.gap.fromSeq, item.gap.toSeq]
        : [item.commit.seal.epoch, item.commit.seal.firstSeq, item.commit.seal.firstSeq + item.commit.seal.size - 1];
    if (first > at.seq + 1) throw new Error(`nothing is said of what stands before ${epoch} ${first}`);
    at = { epoch, seq: last };
  }
}
