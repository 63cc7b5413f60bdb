import { v7 as uuid } from 'uuid';
import type { Bus } from '../../core/bus.js';
import type { Clock } from '../../core/clock.js';
import type { OriginId } from '../../core/ids.js';
import { type Commit, endOf, type LogPlace } from '../../core/log.js';
import type { RecordKind } from '../../core/stores.js';
import { decodeBell, encodeBell } from './commit-message.js';
import type { Database } from './database.js';
import type { RecordChanges } from './record-changes.js';
import type { Siblings } from './siblings.js';
import type { LogHead, Tail } from './tail.js';

/** Who has heard no bell learns of a change within a second. */
const lookMs = 1000;

interface Row {
  readonly origin: OriginId | null;
  readonly epoch: number;
  readonly seq: number;
  readonly begun: number;
  readonly kind: RecordKind | null;
  readonly version: number;
}

const look = `SELECT name AS origin, end_epoch AS epoch, end_seq AS seq, begun, NULL AS kind, 0 AS version
  FROM logs JOIN origins ON number = origin
  UNION ALL SELECT NULL, 0, 0, 0, kind, version FROM records`;

/** Learns what other replicas have written: by the bell, and by a look each second. */
export class Watch {
  private readonly self = uuid();
  private readonly subject: string;
  private readonly unhook: (() => void)[] = [];
  private looking: Promise<void> | undefined;
  private isDue = false;
  private isClosed = false;

  constructor(
    private readonly database: Database,
    private readonly tail: Tail,
    private readonly changes: () => RecordChanges,
    private readonly clock: Clock,
    private readonly bus: Bus | undefined,
    private readonly siblings: Siblings,
    private readonly own: OriginId,
  ) {
    this.subject = `moot.${own}`;
  }

  /** From here on nothing is missed. */
  async begin(): Promise<void> {
    if (this.bus) this.unhook.push(this.bus.subscribe(this.subject, (data) => this.hear(data)));
    const rows = await this.database.read<Row>(look);
    this.tail.begin(headsOf(rows));
    this.note(rows);
    this.tick();
  }

  /** A log has come so far, by this replica. */
  rang(origin: OriginId, end: LogPlace, commit?: Commit): void {
    const bell = { from: this.self, kind: 'head', origin, end, ...(commit === undefined ? {} : { commit }) } as const;
    if (this.bus?.isUp) this.bus.publish(this.subject, encodeBell(bell));
  }

  changed(records: RecordKind, version: number): void {
    if (this.bus?.isUp)
      this.bus.publish(this.subject, encodeBell({ from: this.self, kind: 'records', records, version }));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const unhook of this.unhook) unhook();
    await this.looking;
  }

  private hear(data: Uint8Array): void {
    const bell = this.isClosed ? undefined : decodeBell(data, this.self);
    if (!bell) return;
    if (bell.kind === 'head' && bell.origin === this.own) this.siblings.wrote();
    if (bell.kind === 'records') this.changes().seen(bell.records, bell.version);
    else if (!(bell.commit && isAt(bell.commit, bell.end) && this.tail.tellIfNext(bell.commit))) this.lookNow();
  }

  private tick(): void {
    const cancel = this.clock.after(lookMs, () => {
      this.unhook.splice(this.unhook.indexOf(cancel), 1);
      if (this.isClosed) return;
      this.lookNow();
      this.tick();
    });
    this.unhook.push(cancel);
  }

  /** One look at a time; who asks during one gets another. */
  private lookNow(): void {
    this.isDue = true;
    this.looking ??= this.lookWhileDue().finally(() => {
      this.looking = undefined;
    });
  }

  private async lookWhileDue(): Promise<void> {
    while (this.isDue && !this.isClosed) {
      this.isDue = false;
      try {
        const rows = await this.database.read<Row>(look);
        this.note(rows);
        const heads = headsOf(rows);
        const kept = new Set(heads.map(({ origin }) => origin));
        for (const origin of this.tail.origins) if (!kept.has(origin)) this.tail.forget(origin);
        await Promise.all(heads.map((head) => this.tail.reach(head)));
      } catch {
        // PostgreSQL is away: the look of the next second finds what this one has not.
      }
    }
  }

  private note(rows: readonly Row[]): void {
    for (const { kind, version } of rows) if (kind !== null) this.changes().seen(kind, version);
  }
}

function headsOf(rows: readonly Row[]): LogHead[] {
  return rows.flatMap(({ origin, epoch, seq, begun }) =>
    origin === null ? [] : { origin, end: { epoch, seq }, begun },
  );
}

function isAt(commit: Commit, { epoch, seq }: LogPlace): boolean {
  const end = endOf(commit);
  return end.epoch === epoch && end.seq === seq;
}
