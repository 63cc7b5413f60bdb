import type { Database } from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import { type ArticleRefusal, type HeldArticle, type HeldRequest, mostHeld } from '../../core/held.js';
import type { Published, Submission } from '../../core/stores.js';
import { notHeld } from '../refusals.js';
import { heldAck } from '../submission.js';

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

const columns = `number, id, member AS memberId, member_name AS memberName, key, digest, draft, held_at AS heldAtMs,
  refused_at AS refusedAtMs, refused_by AS refusedBy, reason FROM held WHERE`;

/** Articles that wait for approval, as the writer sees them; each call is part of a transaction of its caller's. */
export class HeldTable {
  private readonly passed;
  private readonly ofKey;
  private readonly ofId;
  private readonly waiting;
  private readonly insert;
  private readonly delete;
  private readonly setRefused;

  constructor(database: Database) {
    this.passed = database
      .prepare<[string, number], number>('SELECT count(*) FROM (SELECT 1 FROM keys WHERE member = ? LIMIT ?)')
      .pluck();
    this.ofKey = database.prepare<[string, string], HeldRow>(`SELECT ${columns} member = ? AND key = ?`);
    this.ofId = database.prepare<[string], HeldRow>(`SELECT ${columns} id = ? AND refused_at IS NULL`);
    this.waiting = database
      .prepare<[string], number>('SELECT count(*) FROM held WHERE member = ? AND refused_at IS NULL')
      .pluck();
    this.insert = database.prepare<[string, string, string, string, Uint8Array, string, number]>(
      'INSERT INTO held (id, member, member_name, key, digest, draft, held_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.delete = database.prepare<[number]>('DELETE FROM held WHERE number = ?');
    this.setRefused = database.prepare<[number, string, string, number]>(
      'UPDATE held SET refused_at = ?, refused_by = ?, reason = ? WHERE number = ?',
    );
  }

  /** The articles of who has fewer than that in the log wait. Each that was published with a key is in `keys`, and each that was released. */
  holds({ member, holdBelow = 0 }: Submission): boolean {
    return holdBelow > 0 && (this.passed.get(member.memberId, holdBelow) ?? 0) < holdBelow;
  }

  isFull(memberId: string): boolean {
    return (this.waiting.get(memberId) ?? 0) >= mostHeld;
  }

  /** What a key has made that is held here. */
  remembered(memberId: string, key: string, origin: string): { published: Published; digest: Uint8Array } | undefined {
    const row = this.ofKey.get(memberId, key);
    return row && { published: heldAck(origin, row.id, row.heldAtMs), digest: row.digest };
  }

  add({ draft, member, key }: Submission, digest: Uint8Array, nowMs: number, origin: string): Published {
    const id = uuid();
    this.insert.run(id, member.memberId, member.memberName, key, digest, JSON.stringify(draft), nowMs);
    return heldAck(origin, id, nowMs);
  }

  /** Takes out what waits, to be appended under its key, or one of its own. @throws MootError `not_found`. */
  take(id: string): { readonly submission: Submission; readonly digest: Uint8Array } {
    const row = this.ofId.get(id);
    if (!row) throw notHeld(id);
    this.delete.run(row.number);
    const { draft, member } = toHeld(row);
    return { submission: { draft, member, key: row.key === '' ? `released ${id}` : row.key }, digest: row.digest };
  }

  /** @throws MootError `not_found`. */
  refuse(id: string, refused: ArticleRefusal): HeldArticle {
    const row = this.ofId.get(id);
    if (!row) throw notHeld(id);
    this.setRefused.run(refused.atMs, refused.by, refused.reason, row.number);
    return { ...toHeld(row), refused };
  }
}

/** What reads them. */
export function heldReads(database: Database) {
  const waiting = database.prepare<[number, number], HeldRow>(
    `SELECT ${columns} refused_at IS NULL AND number > ? ORDER BY number LIMIT ?`,
  );
  const ofMember = database.prepare<[string, number, number], HeldRow>(
    `SELECT ${columns} member = ? AND number > ? ORDER BY number LIMIT ?`,
  );
  return {
    held: ({ after, limit, memberId }: HeldRequest): HeldArticle[] =>
      (memberId === undefined ? waiting.all(after, limit) : ofMember.all(memberId, after, limit)).map(toHeld),
  };
}

function toHeld(row: HeldRow): HeldArticle {
  const { id, number, memberId, memberName, heldAtMs, refusedAtMs, refusedBy: by, reason } = row;
  const refused = refusedAtMs === null ? undefined : { atMs: refusedAtMs, by, reason };
  return { id, number, draft: JSON.parse(row.draft), member: { memberId, memberName }, heldAtMs, refused };
}
