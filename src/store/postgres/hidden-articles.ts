import { decodeEntry } from '../../core/entry-codec.js';
import { type EntryId, fromId, type OriginId, toId } from '../../core/ids.js';
import type { HiddenArticle, Hiding } from '../../core/moderation.js';
import { notHidden, notKept, ownArticle } from '../refusals.js';
import { goneNumbers } from '../sqlite/packed-commits.js';
import type { Ask, Database } from './database.js';
import { TopicCounts, tokenText } from './entry-rows.js';
import type { RecordChanges } from './record-changes.js';

interface EntryRow {
  readonly origin: number;
  readonly name: OriginId;
  readonly epoch: number;
  readonly seq: number;
  readonly topic: string;
  readonly bytes: Uint8Array;
}

interface HiddenRow extends Omit<HiddenArticle, 'id'> {
  readonly number: number;
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array | null;
}

const hiddenRows = `SELECT hidden.origin AS number, name AS origin, id AS hash, epoch, seq, since AS "atMs", made_by AS by,
  reason, bytes FROM hidden JOIN origins ON origins.number = hidden.origin`;

/** What is hidden of mirrors: the texts stand aside, so that nothing that reads entries finds them. */
export class HiddenArticles {
  constructor(
    private readonly database: Database,
    private readonly changes: RecordChanges,
    private readonly own: OriginId,
  ) {}

  async hide(hiding: Hiding): Promise<HiddenArticle> {
    return await this.changes.change(['hidden'], async (ask) => {
      const before = await this.find(ask, hiding.id);
      if (before) return toHidden(before);
      const hash = fromId(hiding.id);
      const [row] = await ask<EntryRow>(
        `SELECT origin, name, epoch, seq, topic, bytes FROM entries JOIN origins ON number = origin
         WHERE id = $1 AND kind = 1 AND bytes IS NOT NULL`,
        [hash],
      );
      if (!row) throw notKept(hiding.id);
      const { origin, name, epoch, seq, topic, bytes } = row;
      if (name === this.own) throw ownArticle(hiding.id);
      await ask(
        `INSERT INTO hidden (number, origin, id, epoch, seq, since, made_by, reason, bytes)
         SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8 FROM hidden`,
        [origin, hash, epoch, seq, hiding.atMs, hiding.by, hiding.reason, bytes],
      );
      await ask(
        `UPDATE entries SET bytes = NULL, tokens = NULL, gone = ${goneNumbers.hidden}
         WHERE origin = $1 AND epoch = $2 AND seq = $3`,
        [origin, epoch, seq],
      );
      await counted(ask, origin, topic, -1);
      return { ...hiding, origin: name, epoch, seq };
    });
  }

  async unhide(id: EntryId): Promise<HiddenArticle> {
    return await this.changes.change(['hidden'], async (ask) => {
      const hidden = await this.find(ask, id);
      if (!hidden) throw notHidden(id);
      const { number, hash, epoch, seq, bytes } = hidden;
      if (bytes) {
        const [shown] = await ask<{ topic: string }>(
          `UPDATE entries SET bytes = $1, gone = NULL, tokens = string_to_array($2, ' ')
           WHERE origin = $3 AND epoch = $4 AND seq = $5 AND id = $6 AND gone = ${goneNumbers.hidden} RETURNING topic`,
          [bytes, tokenText(decodeEntry(bytes)), number, epoch, seq, hash],
        );
        if (shown) await counted(ask, number, shown.topic, 1);
      }
      await ask('DELETE FROM hidden WHERE origin = $1 AND id = $2', [number, hash]);
      return toHidden(hidden);
    });
  }

  async all(): Promise<readonly HiddenArticle[]> {
    const rows = await this.database.read<HiddenRow>(`${hiddenRows} ORDER BY hidden.number`);
    return rows.map(toHidden);
  }

  private async find(ask: Ask, id: EntryId): Promise<HiddenRow | undefined> {
    const [row] = await ask<HiddenRow>(`${hiddenRows} WHERE id = $1`, [fromId(id)]);
    return row;
  }
}

async function counted(ask: Ask, origin: number, topic: string, articles: number): Promise<void> {
  const counts = new TopicCounts();
  counts.add(origin, topic, articles);
  await counts.write(ask);
}

function toHidden({ hash, origin, epoch, seq, by, reason, atMs }: HiddenRow): HiddenArticle {
  return { id: toId(hash), origin, epoch, seq, by, reason, atMs };
}
