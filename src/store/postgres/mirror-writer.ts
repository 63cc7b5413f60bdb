import { type Head, noHash } from '../../core/entry.js';
import { invalid } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import {
  type Commit,
  endOf,
  endOfGap,
  type Gap,
  type LogPlace,
  logStart,
  type MirroredCommit,
} from '../../core/log.js';
import { sealHash } from '../../identity/seal-statement.js';
import { assertFollows, assertGap, assertWhole } from '../log-order.js';
import { articleKind } from '../sqlite/entry-scanner.js';
import { goneNumbers } from '../sqlite/packed-commits.js';
import { isBytes, isPublicKey } from '../sqlite/seal-row.js';
import type { Ask, Database } from './database.js';
import { entryValues, insertEntries, type TopicCounts } from './entry-rows.js';
import { MirrorRows, type Retracting, type Withheld } from './mirror-take.js';
import type { Origins } from './origins.js';
import { bytesArray, numberArray } from './packed-array.js';
import { isLost, toMootError } from './postgres-error.js';
import { raise } from './record-changes.js';
import { shortened } from './tokens.js';

/** A log, as its row says, and what becomes of it. */
interface LogRow {
  readonly origin: number;
  end: LogPlace;
  lastSeal: Uint8Array;
  via: number | null;
  /** More than there were. */
  entries: number;
  oldestAt: number | null;
  isChanged: boolean;
}

export interface Taken {
  /** As they are kept. */
  readonly commits: readonly Commit[];
  /** Of what is hidden, when that has changed. */
  readonly hiddenVersion: number | undefined;
}

/** Writes what was mirrored, each call in one transaction. */
export class MirrorWriter {
  constructor(
    private readonly database: Database,
    private readonly origins: Origins,
    private readonly own: { readonly origin: OriginId; readonly number: number },
  ) {}

  /** As `LogStore.take`. */
  async take(commits: readonly MirroredCommit[]): Promise<Taken> {
    for (const { commit } of commits) assertSound(commit);
    const numbers = await this.origins.numbersOf(commits.flatMap(({ commit, via }) => [commit.seal.origin, via]));
    const run = (mayBeThere: boolean): Promise<Taken> =>
      this.database.together((ask) => this.takeAll(ask, commits, numbers, mayBeThere));
    return await this.inDoubt(run);
  }

  async skip(gap: Gap, via: OriginId): Promise<void> {
    const numbers = await this.origins.numbersOf([gap.origin, via]);
    const origin = numbers.get(gap.origin) ?? 0;
    await this.inDoubt((mayBeThere) =>
      this.database.together(async (ask) => {
        const log = await this.open(ask, origin);
        if (mayBeThere && log.end.epoch === gap.epoch && log.end.seq === gap.toSeq) return;
        assertGap(log.end, gap, this.own.origin);
        await ask('INSERT INTO gaps (origin, epoch, from_seq, to_seq, reason) VALUES ($1, $2, $3, $4, $5)', [
          origin,
          gap.epoch,
          gap.fromSeq,
          gap.toSeq,
          shortened(gap.reason),
        ]);
        Object.assign(log, { end: endOfGap(gap), lastSeal: noHash, via: numbers.get(via) ?? null });
        await save(ask, log);
      }),
    );
  }

  async noteHead({ origin, epoch, seq, lastSeal, asOfMs, publicKey, signature }: Head): Promise<void> {
    const number = await this.origins.numberOf(origin);
    await this.inDoubt(() =>
      this.database.write(
        `INSERT INTO heads (origin, epoch, seq, last_seal, as_of, public_key, signature) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (origin) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, last_seal = excluded.last_seal,
           as_of = excluded.as_of, public_key = excluded.public_key, signature = excluded.signature
         WHERE (length(excluded.public_key), excluded.epoch, excluded.seq, excluded.as_of)
           > (length(heads.public_key), heads.epoch, heads.seq, heads.as_of)`,
        [number, epoch, seq, lastSeal, asOfMs, publicKey, signature],
      ),
    );
  }

  /** Runs it again where the answer was lost, knowing that it may have been done. */
  private async inDoubt<Result>(run: (mayBeThere: boolean) => Promise<Result>): Promise<Result> {
    try {
      return await run(false).catch((error: unknown) => {
        if (isLost(error)) return run(true);
        throw error;
      });
    } catch (error) {
      throw toMootError(error);
    }
  }

  private async takeAll(
    ask: Ask,
    all: readonly MirroredCommit[],
    numbers: ReadonlyMap<OriginId, number>,
    mayBeThere: boolean,
  ): Promise<Taken> {
    const logs = new Map<OriginId, LogRow>();
    const inOrder = [...new Set(all.map(({ commit }) => commit.seal.origin))].sort();
    for (const origin of inOrder) logs.set(origin, await this.open(ask, numbers.get(origin) ?? 0));
    const taken: Commit[] = [];
    for (const { commit, via } of all) {
      const log = logs.get(commit.seal.origin);
      if (!log) continue;
      if (mayBeThere && (await isThere(ask, log.origin, commit))) continue;
      assertFollows(log.end, commit, this.own.origin);
      log.end = endOf(commit);
      log.lastSeal = sealHash(commit.seal);
      log.via = commit.seal.origin === this.own.origin ? null : (numbers.get(via) ?? null);
      log.entries += commit.entries.length;
      log.oldestAt ??= commit.storedAtMs;
      log.isChanged = true;
      taken.push(commit);
    }
    const hashes = bytesArray(taken.flatMap(({ entries }) => entries.map(({ hash }) => hash)));
    const withheld = (table: string): Promise<Withheld[]> =>
      ask<Withheld>(`SELECT origin, id, epoch, seq FROM ${table} WHERE id = ANY($1::bytea[])`, [hashes]);
    const rows = new MirrorRows(await withheld('retractions'), await withheld('hidden'));
    for (const commit of taken) rows.add(numbers.get(commit.seal.origin) ?? 0, commit);
    const hiddenVersion = await this.takeBack(ask, rows);
    if (rows.rows.length > 0) await ask(insertEntries(1, ''), entryValues(rows.rows));
    await addCommits(ask, all, taken, numbers);
    for (const { origin, id, bytes } of rows.aside)
      await ask('UPDATE hidden SET bytes = $1 WHERE origin = $2 AND id = $3', [bytes, origin, id]);
    await rows.counts.write(ask);
    for (const origin of inOrder) {
      const log = logs.get(origin);
      if (log?.isChanged) await save(ask, log);
    }
    const kept = all.map(({ commit }) => rows.kept(numbers.get(commit.seal.origin) ?? 0, commit));
    return { commits: kept, hiddenVersion };
  }

  /** The texts that retractions among them name, of what was there before. */
  private async takeBack(ask: Ask, rows: MirrorRows): Promise<number | undefined> {
    let hiddenVersion: number | undefined;
    for (const retracting of rows.retractions) {
      const { origin, id, epoch, seq, byEpoch, bySeq } = retracting;
      await ask(
        `INSERT INTO retractions (origin, id, epoch, seq, by_epoch, by_seq) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING`,
        [origin, id, epoch, seq, byEpoch, bySeq],
      );
      const forgotten = await forgetHidden(ask, retracting);
      if (forgotten) hiddenVersion ??= await raise(ask, 'hidden');
      await takeBackText(ask, retracting, forgotten, rows.counts);
    }
    return hiddenVersion;
  }

  /** The row of a log, locked until the transaction ends; made where there is none. */
  private async open(ask: Ask, origin: number): Promise<LogRow> {
    await ask(
      `INSERT INTO logs (origin, via, version, begun, held_last, dropped_epoch, dropped_seq, end_epoch, end_seq, last_seal,
         entries) VALUES ($1, 0, 0, $2, 0, 1, 0, 1, 0, $3, 0) ON CONFLICT (origin) DO NOTHING`,
      [origin, Math.floor(Math.random() * Number.MAX_SAFE_INTEGER), noHash],
    );
    const [row] = await ask<{ epoch: number; seq: number; lastSeal: Uint8Array; via: number | null; oldestAt: number }>(
      `SELECT end_epoch AS epoch, end_seq AS seq, last_seal AS "lastSeal", via, oldest_at AS "oldestAt" FROM logs
       WHERE origin = $1 FOR UPDATE`,
      [origin],
    );
    const { epoch, seq } = row ?? logStart;
    const { via = null, oldestAt = null, lastSeal = noHash } = row ?? {};
    return { origin, end: { epoch, seq }, lastSeal, via, entries: 0, oldestAt, isChanged: false };
  }
}

/** What a retraction names, if it is there: its text goes. */
export async function takeBackText(
  ask: Ask,
  { origin, id, epoch, seq }: Withheld,
  isHidden: boolean,
  counts: TopicCounts,
): Promise<void> {
  const [row] = await ask<{ topic: string; hasText: boolean }>(
    `SELECT topic, bytes IS NOT NULL AS "hasText" FROM entries
     WHERE origin = $1 AND epoch = $2 AND seq = $3 AND id = $4 AND kind = ${articleKind}`,
    [origin, epoch, seq, id],
  );
  if (!row || !(row.hasText || isHidden)) return;
  await ask(
    `UPDATE entries SET bytes = NULL, tokens = NULL, gone = ${goneNumbers.retracted}
     WHERE origin = $1 AND epoch = $2 AND seq = $3`,
    [origin, epoch, seq],
  );
  if (row.hasText) counts.add(origin, row.topic, -1);
}

async function forgetHidden(ask: Ask, { origin, id }: Retracting): Promise<boolean> {
  const gone = await ask('DELETE FROM hidden WHERE origin = $1 AND id = $2 RETURNING number', [origin, id]);
  return gone.length > 0;
}

async function isThere(ask: Ask, origin: number, { seal }: Commit): Promise<boolean> {
  const [row] = await ask(
    'SELECT 1 AS one FROM commits WHERE origin = $1 AND epoch = $2 AND first_seq = $3 AND signature = $4',
    [origin, seal.epoch, seal.firstSeq, seal.signature],
  );
  return row !== undefined;
}

async function addCommits(
  ask: Ask,
  all: readonly MirroredCommit[],
  taken: readonly Commit[],
  numbers: ReadonlyMap<OriginId, number>,
): Promise<void> {
  const kept = all.filter(({ commit }) => taken.includes(commit));
  if (kept.length === 0) return;
  const seals = kept.map(({ commit }) => commit.seal);
  const lists = [
    'bigint',
    'bigint',
    'bigint',
    'bigint',
    'bytea',
    'bytea',
    'bytea',
    'bytea',
    'bigint',
    'bigint',
    'bigint',
  ]
    .map((type, index) => `$${index + 1}::${type}[]`)
    .join(', ');
  await ask(
    `INSERT INTO commits (origin, epoch, first_seq, size, root, previous, public_key, signature, stored_at, via, bytes)
     SELECT * FROM unnest(${lists}) AS new`,
    [
      numberArray(seals.map(({ origin }) => numbers.get(origin) ?? 0)),
      numberArray(seals.map(({ epoch }) => epoch)),
      numberArray(seals.map(({ firstSeq }) => firstSeq)),
      numberArray(seals.map(({ size }) => size)),
      bytesArray(seals.map(({ root }) => root)),
      bytesArray(seals.map(({ previous }) => previous)),
      bytesArray(seals.map(({ publicKey }) => publicKey)),
      bytesArray(seals.map(({ signature }) => signature)),
      numberArray(kept.map(({ commit }) => commit.storedAtMs)),
      numberArray(kept.map(({ via }) => numbers.get(via) ?? null)),
      numberArray(
        kept.map(({ commit }) => commit.entries.reduce((sum, { bytes }) => sum + 32 + (bytes?.length ?? 0), 0)),
      ),
    ],
  );
}

async function save(ask: Ask, { origin, end, lastSeal, via, entries, oldestAt }: LogRow): Promise<void> {
  await ask(
    `UPDATE logs SET version = version + 1, end_epoch = $2, end_seq = $3, last_seal = $4, via = $5,
       entries = entries + $6, oldest_at = $7 WHERE origin = $1`,
    [origin, end.epoch, end.seq, lastSeal, via, entries, oldestAt],
  );
}

/** @throws MootError `invalid` for a commit that is not whole, or whose hashes, key or signature are none. */
function assertSound(commit: Commit): void {
  assertWhole(commit);
  const { origin, firstSeq, root, previous, publicKey, signature } = commit.seal;
  const isSeal =
    [root, previous].every((hash) => isBytes(hash, 32)) && isPublicKey(publicKey) && isBytes(signature, 64);
  if (!isSeal || commit.entries.some(({ hash }) => hash.length !== 32))
    throw invalid('commits', `the seal over entry ${firstSeq} of log ${origin} is none`);
}
