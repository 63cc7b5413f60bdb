import type { Ask } from './database.js';
import { countTopics, entryValues, insertEntries } from './entry-rows.js';
import type { OwnPlan } from './own-plan.js';
import { bytesArray, numberArray, textArray } from './packed-array.js';

/** What a plan comes with besides its articles. */
export interface Beside {
  /** What was held and is in the plan now. */
  readonly released?: string | undefined;
}

/**
 * Writes all of a plan, and only if the own log is still where it was worked out for: one statement, so that no lock outlives
 * it, whatever becomes of who sent it.
 * @returns undefined when the log has moved on: nothing is then written; else the version of what is held, if that changed.
 */
export async function writePlan(
  ask: Ask,
  own: number,
  plan: OwnPlan,
  { released }: Beside = {},
): Promise<{ readonly heldVersion: number | undefined } | undefined> {
  const { end, after } = plan;
  const seal = plan.seal();
  const values: unknown[] = [];
  const put = (...added: unknown[]): number => values.push(...added) - added.length + 1;
  put(own, end.version, after.seq, after.lastSeal, after.heldLast, plan.rows.length);
  const parts = [
    `head AS (UPDATE logs SET version = version + 1, end_seq = $3, last_seal = $4, held_last = $5, entries = entries + $6
       WHERE origin = $1 AND version = $2 RETURNING origin)`,
  ];
  if (seal) {
    const { epoch, firstSeq, size, root, previous, publicKey, signature } = seal;
    const at = put(epoch, firstSeq, size, root, previous, publicKey, signature, plan.storedAtMs, plan.bytes);
    const list = ['bigint', 'bigint', 'bigint', 'bytea', 'bytea', 'bytea', 'bytea', 'bigint', 'bigint']
      .map((type, index) => `$${at + index}::${type}`)
      .join(', ');
    parts.push(
      `sealed AS (INSERT INTO commits (origin, epoch, first_seq, size, root, previous, public_key, signature, stored_at,
         bytes) SELECT head.origin, ${list} FROM head)`,
      `added AS (${insertEntries(values.length + 1, 'head, ')})`,
    );
    put(...entryValues(plan.rows));
  }
  if (!plan.counts.isEmpty) {
    parts.push(`counted AS (${countTopics(values.length + 1, 'head, ')})`);
    put(...plan.counts.values);
  }
  if (plan.keys.length > 0) parts.push(`keyed AS (${keep(put(...keyValues(plan)))})`);
  if (plan.uses.length > 0) {
    const at = put(...useValues(plan));
    parts.push(
      `used AS (INSERT INTO daily_uses (day, member, articles, bytes)
         SELECT new.* FROM head, unnest($${at}::bigint[], $${at + 1}::text[], $${at + 2}::bigint[], $${at + 3}::bigint[]) AS new
         ON CONFLICT (day, member) DO UPDATE SET articles = daily_uses.articles + excluded.articles,
           bytes = daily_uses.bytes + excluded.bytes)`,
    );
  }
  if (plan.held.length > 0) parts.push(`kept AS (${hold(put(...heldValues(plan)))})`);
  if (released !== undefined)
    parts.push(`released AS (DELETE FROM held WHERE id = $${put(released)} AND EXISTS (SELECT 1 FROM head))`);
  const changesHeld = plan.held.length > 0 || released !== undefined;
  if (changesHeld)
    parts.push(
      `raised AS (UPDATE records SET version = version + 1 WHERE kind = 'held' AND EXISTS (SELECT 1 FROM head)
         RETURNING version)`,
    );
  const version = changesHeld ? '(SELECT version FROM raised)' : 'NULL::bigint';
  const [row] = await ask<{ heads: number; version: number | null }>(
    `WITH ${parts.join(',\n')}\nSELECT (SELECT count(*) FROM head) AS heads, ${version} AS version`,
    values,
  );
  return row && row.heads > 0 ? { heldVersion: row.version ?? undefined } : undefined;
}

/** Of the days before: nobody asks for them any more. */
export async function forgetUses(ask: Ask, beforeDay: number): Promise<void> {
  await ask('DELETE FROM daily_uses WHERE day < $1', [beforeDay]);
}

function keep(at: number): string {
  const lists = ['text', 'text', 'bigint', 'bigint', 'bytea', 'bigint', 'bytea'];
  return `INSERT INTO keys (member, key, epoch, seq, id, published_at, digest)
    SELECT new.* FROM head, unnest(${listed(at, lists)}) AS new`;
}

function hold(at: number): string {
  const lists = ['bigint', 'text', 'text', 'text', 'text', 'bytea', 'text', 'bigint'];
  return `INSERT INTO held (number, id, member, member_name, key, digest, draft, held_at)
    SELECT new.* FROM head, unnest(${listed(at, lists)}) AS new`;
}

function listed(at: number, types: readonly string[]): string {
  return types.map((type, index) => `$${at + index}::${type}[]`).join(', ');
}

function keyValues({ keys }: OwnPlan): Buffer[] {
  return [
    textArray(keys.map(({ memberId }) => memberId)),
    textArray(keys.map(({ key }) => key)),
    numberArray(keys.map(({ published }) => published.epoch)),
    numberArray(keys.map(({ published }) => published.seq)),
    bytesArray(keys.map(({ hash }) => hash)),
    numberArray(keys.map(({ published }) => published.publishedAtMs)),
    bytesArray(keys.map(({ digest }) => digest)),
  ];
}

function useValues({ uses }: OwnPlan): Buffer[] {
  return [
    numberArray(uses.map(({ day }) => day)),
    textArray(uses.map(({ memberId }) => memberId)),
    numberArray(uses.map(({ articles }) => articles)),
    numberArray(uses.map(({ bytes }) => bytes)),
  ];
}

function heldValues({ end, held }: OwnPlan): Buffer[] {
  return [
    numberArray(held.map((_, at) => end.heldLast + 1 + at)),
    textArray(held.map(({ waiting }) => waiting.heldId)),
    textArray(held.map(({ waiting }) => waiting.submission.member.memberId)),
    textArray(held.map(({ waiting }) => waiting.submission.member.memberName)),
    textArray(held.map(({ waiting }) => waiting.submission.key)),
    bytesArray(held.map(({ digest }) => digest)),
    textArray(held.map(({ waiting }) => JSON.stringify(waiting.submission.draft))),
    numberArray(held.map(({ waiting }) => waiting.nowMs)),
  ];
}
