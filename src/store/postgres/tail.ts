import type { OriginId } from '../../core/ids.js';
import { Listeners } from '../../core/listeners.js';
import {
  type Commit,
  comparePlaces,
  endOf,
  endOfGap,
  follows,
  type Gap,
  type LogItem,
  type LogPlace,
  logStart,
} from '../../core/log.js';
import { forgotten } from '../log-order.js';

/** What the tables say of where a log ends. */
export interface LogHead {
  readonly origin: OriginId;
  readonly end: LogPlace;
  /** Of this life of the log: a mirror that was forgotten and begun again has another one. */
  readonly begun: number;
}

interface Told {
  at: LogPlace;
  begun: number | undefined;
  /** Telling is one thing after the other. */
  turn: Promise<void>;
  /** Those who wait for their turn, or have it. */
  waiting: number;
}

/** What is read at once, to be told. */
const readBytes = 1024 * 1024;

/** Tells of what is written in each log, each commit once and in order, whoever wrote it. */
export class Tail {
  readonly commits = new Listeners<Commit>();
  readonly gaps = new Listeners<Gap>();
  private readonly logs = new Map<OriginId, Told>();

  constructor(
    private readonly read: (origin: OriginId, after: LogPlace, maxBytes: number) => Promise<readonly LogItem[]>,
  ) {}

  /** Where the logs are when nobody has listened yet. */
  begin(heads: readonly LogHead[]): void {
    for (const { origin, end, begun } of heads)
      this.logs.set(origin, { at: end, begun, turn: Promise.resolve(), waiting: 0 });
  }

  /** Something durable, of this replica or another: it is told now if it is the next, else behind what stands before it. */
  async wrote(item: LogItem): Promise<void> {
    const { origin, end } = placeOf(item);
    await this.inTurn(origin, async (told) => {
      if (this.tellNext(told, item)) return;
      if (comparePlaces(end, told.at) > 0) await this.catchUp(origin, told, end);
    });
  }

  /** As `wrote`, if it is the next, and at once. @returns false when it is not: then the tables are to be read. */
  tellIfNext(commit: Commit): boolean {
    const told = this.logs.get(commit.seal.origin);
    return told?.waiting === 0 && this.tellNext(told, { kind: 'commit', commit });
  }

  /** Another replica has come so far. */
  async reach({ origin, end, begun }: LogHead): Promise<void> {
    const known = this.logs.get(origin);
    if (known?.begun === begun && comparePlaces(end, known.at) <= 0) return;
    await this.inTurn(origin, async (told) => {
      if (told.begun !== undefined && told.begun !== begun) told.at = logStart;
      told.begun = begun;
      if (comparePlaces(end, told.at) > 0) await this.catchUp(origin, told, end);
    });
  }

  /** A log is kept no more. */
  forget(origin: OriginId): void {
    this.logs.delete(origin);
  }

  get origins(): Iterable<OriginId> {
    return [...this.logs.keys()];
  }

  private inTurn(origin: OriginId, run: (told: Told) => Promise<void>): Promise<void> {
    const told = this.logs.get(origin) ?? { at: logStart, begun: undefined, turn: Promise.resolve(), waiting: 0 };
    this.logs.set(origin, told);
    told.waiting += 1;
    const done = told.turn
      .then(() => run(told))
      .finally(() => {
        told.waiting -= 1;
      });
    told.turn = done.catch(() => undefined);
    return done;
  }

  private tellNext(told: Told, item: LogItem): boolean {
    const [epoch, first] =
      item.kind === 'gap' ? [item.gap.epoch, item.gap.fromSeq] : [item.commit.seal.epoch, item.commit.seal.firstSeq];
    // A later epoch may begin anywhere: whether something stands before it, the tables know.
    if (epoch !== told.at.epoch || !follows(told.at, epoch, first)) return false;
    this.tell(told, item);
    return true;
  }

  private tell(told: Told, item: LogItem): void {
    told.at = placeOf(item).end;
    if (item.kind === 'gap') {
      // What nobody noted is no event: who reads the log meets it.
      if (item.gap.reason !== forgotten) this.gaps.tell(item.gap);
    } else this.commits.tell(item.commit);
  }

  private async catchUp(origin: OriginId, told: Told, end: LogPlace): Promise<void> {
    if (this.commits.size === 0 && this.gaps.size === 0) {
      told.at = end;
      return;
    }
    while (comparePlaces(told.at, end) < 0) {
      const items = await this.read(origin, told.at, readBytes);
      if (items.length === 0) {
        told.at = end;
        return;
      }
      for (const item of items) this.tell(told, item);
    }
  }
}

function placeOf(item: LogItem): { readonly origin: OriginId; readonly end: LogPlace } {
  if (item.kind === 'gap') return { origin: item.gap.origin, end: endOfGap(item.gap) };
  return { origin: item.commit.seal.origin, end: endOf(item.commit) };
}
