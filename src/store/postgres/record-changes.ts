import { Listeners } from '../../core/listeners.js';
import type { RecordKind } from '../../core/stores.js';
import type { Ask, Database } from './database.js';

/**
 * The versions of records: each change raises that of its kind in its own transaction, first of all, so that changes of one
 * kind come one after the other, and every replica can see that there was one.
 */
export class RecordChanges {
  readonly listeners = new Listeners<RecordKind>();
  private readonly known = new Map<RecordKind, number>();

  /** @param ring tells the other replicas. */
  constructor(
    private readonly database: Database,
    private readonly ring: (kind: RecordKind, version: number) => void,
  ) {}

  /** Runs `change` as one durable transaction. Kinds are raised in the order in which they are given: that of `RecordKind`. */
  async change<Result>(kinds: readonly RecordKind[], change: (ask: Ask) => Promise<Result>): Promise<Result> {
    const { result, versions } = await this.database.transaction(async (ask) => {
      const raised: [RecordKind, number][] = [];
      for (const kind of kinds) raised.push([kind, await raise(ask, kind)]);
      return { result: await change(ask), versions: raised };
    });
    for (const [kind, version] of versions) this.changed(kind, version);
    return result;
  }

  /** This replica has made that version. */
  changed(kind: RecordKind, version: number): void {
    const before = this.known.get(kind);
    if (before !== undefined && version <= before) return;
    this.known.set(kind, version);
    this.ring(kind, version);
    // Those between are others’.
    if (before !== undefined && version > before + 1) this.listeners.tell(kind);
  }

  /** There is that version: if it is news, somebody else has made it. */
  seen(kind: RecordKind, version: number): void {
    const before = this.known.get(kind);
    if (before !== undefined && version <= before) return;
    this.known.set(kind, version);
    if (before !== undefined) this.listeners.tell(kind);
  }
}

/** @returns the version that the change in this transaction makes. */
export async function raise(ask: Ask, kind: RecordKind): Promise<number> {
  const [row] = await ask<{ version: number }>(
    'UPDATE records SET version = version + 1 WHERE kind = $1 RETURNING version',
    [kind],
  );
  return row?.version ?? 0;
}
