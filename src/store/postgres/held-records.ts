import type { Draft } from '../../core/draft.js';
import type { ArticleRefusal, HeldArticle, HeldRequest, HeldStore } from '../../core/held.js';
import type { Published } from '../../core/stores.js';
import { notHeld } from '../refusals.js';
import { toEntry } from '../submission.js';
import type { Database } from './database.js';
import { tokenText } from './entry-rows.js';
import { changeOfOne, type OwnLog } from './own-log.js';
import type { RecordChanges } from './record-changes.js';

interface HeldRow {
  readonly number: number;
  readonly id: string;
  readonly memberId: string;
  readonly memberName: string;
  readonly key: string;
  readonly digest: Uint8Array;
  /** JSON. */
  readonly draft: string;
  readonly heldAtMs: number;
  readonly refusedAtMs: number | null;
  readonly refusedBy: string;
  readonly reason: string;
}

const held = `SELECT number, id, member AS "memberId", member_name AS "memberName", key, digest, draft,
  held_at AS "heldAtMs", refused_at AS "refusedAtMs", refused_by AS "refusedBy", reason FROM held WHERE`;

/** Articles that wait for approval, in their table. */
export class PostgresHeld implements HeldStore {
  constructor(
    private readonly database: Database,
    private readonly log: OwnLog,
    private readonly changes: RecordChanges,
    private readonly own: number,
    private readonly now: () => number,
  ) {}

  async list({ after, limit, memberId }: HeldRequest): Promise<readonly HeldArticle[]> {
    const rows =
      memberId === undefined
        ? await this.database.read<HeldRow>(`${held} refused_at IS NULL AND number > $1 ORDER BY number LIMIT $2`, [
            after,
            limit,
          ])
        : await this.database.read<HeldRow>(`${held} member = $3 AND number > $1 ORDER BY number LIMIT $2`, [
            after,
            limit,
            memberId,
          ]);
    return rows.map(toHeld);
  }

  async release(id: string): Promise<Published> {
    const nowMs = this.now();
    return await this.log.change(
      changeOfOne(
        async (plan) => {
          const row = await this.waiting(id);
          const { draft, member } = toHeld(row);
          // What had no key gets one of its own: each that was released counts as one of its member's.
          const submission = { draft, member, key: row.key === '' ? `released ${id}` : row.key };
          const entry = toEntry(submission, plan.nextPlace, nowMs);
          const came = { submission, nowMs, tokens: tokenText(entry) };
          return plan.publish(came, row.digest, entry);
        },
        { beside: { released: id } },
      ),
    );
  }

  async refuse(id: string, refused: ArticleRefusal): Promise<HeldArticle> {
    return await this.changes.change(['held'], async (ask) => {
      // Who appends, or releases it at this moment, has looked at what is held.
      await ask('UPDATE logs SET version = version + 1 WHERE origin = $1', [this.own]);
      const [row] = await ask<HeldRow>(`${held} id = $1 AND refused_at IS NULL`, [id]);
      if (!row) throw notHeld(id);
      await ask('UPDATE held SET refused_at = $1, refused_by = $2, reason = $3 WHERE number = $4', [
        refused.atMs,
        refused.by,
        refused.reason,
        row.number,
      ]);
      return { ...toHeld(row), refused };
    });
  }

  private async waiting(id: string): Promise<HeldRow> {
    const [row] = await this.database.read<HeldRow>(`${held} id = $1 AND refused_at IS NULL`, [id]);
    if (!row) throw notHeld(id);
    return row;
  }
}

function toHeld({ id, number, memberId, memberName, draft, heldAtMs, ...row }: HeldRow): HeldArticle {
  const { refusedAtMs, refusedBy: by, reason } = row;
  const refused = refusedAtMs === null ? undefined : { atMs: refusedAtMs, by, reason };
  return { id, number, draft: JSON.parse(draft) as Draft, member: { memberId, memberName }, heldAtMs, refused };
}
