import { invalid } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import { comparePlaces, type LogPlace, type Retention } from '../../core/log.js';
import { articleKind } from '../sqlite/entry-scanner.js';
import type { Ask, Database } from './database.js';
import { TopicCounts } from './entry-rows.js';
import type { Origins } from './origins.js';

/** Entries that one transaction drops, about. */
const sliceEntries = 2048;

interface Mirror {
  readonly origin: number;
  readonly name: OriginId;
  readonly via: number;
  entries: number;
  oldestMs: number | null;
}

interface CommitRow {
  readonly epoch: number;
  readonly firstSeq: number;
  readonly size: number;
  readonly storedAtMs: number;
}

const mirrors = `SELECT origin, name, via, entries, oldest_at AS "oldestMs" FROM logs JOIN origins ON number = origin
  WHERE via IS NOT NULL ORDER BY origin`;

/** Drops whole commits of mirrors, the oldest first, a slice at a time. */
export class MirrorDropper {
  constructor(
    private readonly database: Database,
    private readonly origins: Origins,
    private readonly own: OriginId,
  ) {}

  /** @returns the logs that have changed. */
  async expire(retention: Retention): Promise<ReadonlySet<OriginId>> {
    const changed = new Set<OriginId>();
    // Almost always there is nothing to do, which needs no lock.
    while (next(await this.database.read<Mirror>(mirrors), retention)) {
      await this.database.transaction(async (ask) => {
        const all = await ask<Mirror>(`${mirrors} FOR UPDATE OF logs`);
        const dropping = new Map<Mirror, Dropping>();
        for (let left = sliceEntries; left > 0; ) {
          const mirror = next(all, retention);
          if (!mirror) break;
          changed.add(mirror.name);
          left -= await dropOldest(ask, mirror, dropping);
        }
        for (const [mirror, { upTo, before }] of dropping) await dropUpTo(ask, mirror, upTo, before);
      });
    }
    return changed;
  }

  /** @throws MootError `invalid` for the own log. */
  async drop(origin: OriginId): Promise<void> {
    if (origin === this.own) throw invalid('origin', 'the own log is kept for ever');
    const number = await this.origins.find(origin);
    if (number === undefined) return;
    for (let isDone = false; !isDone; ) {
      isDone = await this.database.transaction(async (ask) => {
        const [mirror] = (await ask<Mirror>(`${mirrors} FOR UPDATE OF logs`)).filter((one) => one.origin === number);
        const dropping = new Map<Mirror, Dropping>();
        for (let left = sliceEntries; left > 0 && mirror && mirror.entries > 0; )
          left -= await dropOldest(ask, mirror, dropping);
        for (const [one, { upTo, before }] of dropping) await dropUpTo(ask, one, upTo, before);
        if (mirror && mirror.entries > 0) return false;
        for (const table of ['gaps', 'heads', 'topic_counts', 'retractions', 'logs'])
          await ask(`DELETE FROM ${table} WHERE origin = $1`, [number]);
        return true;
      });
    }
  }
}

/** What is dropped of a mirror: all up to a commit, and the gaps before the next one. */
interface Dropping {
  readonly commits: CommitRow[];
  upTo: LogPlace;
  before: CommitRow | undefined;
}

const commitsAtOnce = 512;

/** Takes note of the oldest commit of a mirror. @returns the number of its entries. */
async function dropOldest(ask: Ask, mirror: Mirror, all: Map<Mirror, Dropping>): Promise<number> {
  const dropping = all.get(mirror) ?? { commits: [], upTo: { epoch: 0, seq: 0 }, before: undefined };
  all.set(mirror, dropping);
  if (dropping.commits.length < 2) {
    const last = dropping.commits.at(-1);
    const more = await ask<CommitRow>(
      `SELECT epoch, first_seq AS "firstSeq", size, stored_at AS "storedAtMs" FROM commits
       WHERE origin = $1 AND (epoch, first_seq) > ($2, $3) ORDER BY epoch, first_seq LIMIT $4`,
      [mirror.origin, last?.epoch ?? 0, last?.firstSeq ?? 0, commitsAtOnce],
    );
    dropping.commits.push(...more);
  }
  const first = dropping.commits.shift();
  const [following] = dropping.commits;
  mirror.oldestMs = following?.storedAtMs ?? null;
  dropping.before = following;
  if (!first) {
    mirror.entries = 0;
    return 1;
  }
  dropping.upTo = { epoch: first.epoch, seq: first.firstSeq + first.size - 1 };
  mirror.entries -= first.size;
  return first.size;
}

async function dropUpTo(ask: Ask, mirror: Mirror, upTo: LogPlace, before: CommitRow | undefined): Promise<void> {
  const { origin, entries, oldestMs } = mirror;
  const counts = new TopicCounts();
  const span = [origin, upTo.epoch, upTo.seq];
  const gone = await ask<{ topic: string; articles: number }>(
    `WITH gone AS (DELETE FROM entries WHERE origin = $1 AND (epoch, seq) <= ($2, $3)
       RETURNING topic, kind = ${articleKind} AND bytes IS NOT NULL AS is_article)
     SELECT topic, count(*) AS articles FROM gone WHERE is_article GROUP BY topic`,
    span,
  );
  for (const { topic, articles } of gone) counts.add(origin, topic, -articles);
  await counts.write(ask);
  await ask('UPDATE hidden SET bytes = NULL WHERE origin = $1 AND (epoch, seq) <= ($2, $3)', span);
  await ask('DELETE FROM retractions WHERE origin = $1 AND (by_epoch, by_seq) <= ($2, $3)', span);
  await ask('DELETE FROM commits WHERE origin = $1 AND (epoch, first_seq) <= ($2, $3)', span);
  const next = [origin, before?.epoch ?? Number.MAX_SAFE_INTEGER, before?.firstSeq ?? 0];
  const gaps = await ask<LogPlace>(
    'DELETE FROM gaps WHERE origin = $1 AND (epoch, from_seq) < ($2, $3) RETURNING epoch, to_seq AS seq',
    next,
  );
  const dropped = [upTo, ...gaps].reduce((a, b) => (comparePlaces(a, b) < 0 ? b : a));
  await ask(
    `UPDATE logs SET version = version + 1, entries = $2, oldest_at = $3, dropped_epoch = $4, dropped_seq = $5
     WHERE origin = $1`,
    [origin, entries, oldestMs, dropped.epoch, dropped.seq],
  );
}

function next(all: readonly Mirror[], { storedBeforeMs, mostEntries }: Retention): Mirror | undefined {
  const totals = new Map<number, number>();
  for (const mirror of all) {
    if ((mirror.oldestMs ?? storedBeforeMs) < storedBeforeMs) return mirror;
    totals.set(mirror.via, (totals.get(mirror.via) ?? 0) + mirror.entries);
  }
  let oldest: Mirror | undefined;
  for (const mirror of all) if ((totals.get(mirror.via) ?? 0) > mostEntries && isOlder(mirror, oldest)) oldest = mirror;
  return oldest;
}

function isOlder(mirror: Mirror, than: Mirror | undefined): boolean {
  if (mirror.oldestMs === null) return false;
  if (than === undefined || than.oldestMs === null) return true;
  return mirror.oldestMs < than.oldestMs || (mirror.oldestMs === than.oldestMs && mirror.name < than.name);
}
