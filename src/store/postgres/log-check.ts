import { decodeEntry } from '../../core/entry-codec.js';
import { MootError } from '../../core/errors.js';
import { leafHash, merkleRoot } from '../../identity/merkle.js';
import { isSealValid } from '../../identity/seal.js';
import { sealHash } from '../../identity/seal-statement.js';
import { type Extent, type LogCheck, noteFault, SealChain, type SealedCommit, usualExtent } from '../log-check.js';
import { unreadableKind } from '../sqlite/entry-scanner.js';
import { goneNames } from '../sqlite/packed-commits.js';
import { isBytes, type SealRow, toSeal } from '../sqlite/seal-row.js';
import type { Ask } from './database.js';
import { numberArray } from './packed-array.js';

type CommitRow = SealRow & { readonly origin: number; readonly name: string | null };

interface EntryRow {
  readonly seq: number;
  readonly id: Uint8Array;
  readonly kind: number;
  readonly bytes: Uint8Array | null;
  readonly gone: number | null;
}

const hashBytes = 32;
const sealsAtOnce = 2000;
/** Their bytes are in memory together. */
const entriesAtOnce = 500;
/** Commits whose entries are not all there, before the rest is only counted. */
const mostHoles = 10;

const seal = `origin, epoch, first_seq AS "firstSeq", size, root, previous, public_key AS "publicKey", signature`;

/** @param ask asks of one view: others append meanwhile. */
export async function checkLogs(ask: Ask, extent: Extent = usualExtent): Promise<LogCheck> {
  const faults = new Set<string>();
  const chain = await followChain(ask, faults);
  await checkEnd(ask, faults);
  const [count] = await ask<{ stored: number }>('SELECT count(*) AS stored FROM entries');
  const stored = count?.stored ?? 0;
  if (stored !== chain.entries) faults.add(`${stored} entries are stored, ${chain.entries} are sealed`);
  // The sums may agree where an entry is missing and a seal as well.
  if (faults.size > 0) await nameHoles(ask, faults);
  const chosen = chain.chosen(extent);
  for (let at = 0; at < chosen.length; ) {
    const from = at;
    for (let entries = 0; at < chosen.length && entries < entriesAtOnce; at += 1) entries += chosen[at]?.size ?? 0;
    await readCommits(ask, chosen.slice(from, at), faults);
  }
  return chain.told(chosen);
}

async function followChain(ask: Ask, faults: Set<string>): Promise<SealChain> {
  const [own] = await ask<{ value: string }>("SELECT value FROM meta WHERE name = 'own'");
  const noted = await ask<{ origin: number; toSeq: number }>('SELECT origin, to_seq AS "toSeq" FROM gaps');
  const gaps = new Set(noted.map(({ origin, toSeq }) => `${origin} ${toSeq}`));
  const chain = new SealChain(own?.value, (origin, toSeq) => gaps.has(`${origin} ${toSeq}`), faults);
  let last: readonly [origin: number, epoch: number, firstSeq: number] | undefined = [-1, 0, 0];
  while (last) {
    const rows: CommitRow[] = await ask<CommitRow>(
      `SELECT name, ${seal} FROM commits LEFT JOIN origins ON number = origin
       WHERE (origin, epoch, first_seq) > ($1, $2, $3) ORDER BY origin, epoch, first_seq LIMIT ${sealsAtOnce}`,
      last,
    );
    for (const { name, origin, ...row } of rows) chain.add(name, origin, row);
    const end = rows.length === sealsAtOnce ? rows.at(-1) : undefined;
    last = end && [end.origin, end.epoch, end.firstSeq];
  }
  return chain;
}

/** What is appended goes on from where the record of the log says that it ends. */
async function checkEnd(ask: Ask, faults: Set<string>): Promise<void> {
  const rows = await ask<CommitRow & { endSeq: number; lastSeal: Uint8Array }>(
    `SELECT named.name, logs.end_seq AS "endSeq", logs.last_seal AS "lastSeal", last.*
     FROM logs JOIN origins named ON named.number = logs.origin
       JOIN meta ON meta.name = 'own' AND meta.value = named.name
       JOIN LATERAL (SELECT ${seal} FROM commits WHERE commits.origin = logs.origin
         ORDER BY epoch DESC, first_seq DESC LIMIT 1) last ON TRUE`,
  );
  for (const { name, origin: _, endSeq, lastSeal, ...row } of rows)
    noteFault(faults, 'the last seal', () => {
      const last = toSeal(name ?? '', row);
      const end = last.firstSeq + last.size - 1;
      if (end !== endSeq || Buffer.compare(sealHash(last), lastSeal) !== 0)
        faults.add(`the log goes on from entry ${endSeq}, and its last seal is another, up to entry ${end}`);
    });
}

async function nameHoles(ask: Ask, faults: Set<string>): Promise<void> {
  const holes = await ask<{ firstSeq: number; size: number; stored: number; name: string | null }>(
    `SELECT name, c.first_seq AS "firstSeq", size, stored
     FROM commits c LEFT JOIN origins ON number = c.origin CROSS JOIN LATERAL (SELECT count(*) AS stored FROM entries e
       WHERE e.origin = c.origin AND e.epoch = c.epoch AND e.seq >= c.first_seq AND e.seq < c.first_seq + c.size) found
     WHERE stored <> size ORDER BY c.origin, c.epoch, c.first_seq LIMIT ${mostHoles}`,
  );
  for (const { name, firstSeq, size, stored } of holes)
    faults.add(
      `of the ${size === 1 ? 'one entry' : `${size} entries`} from ${firstSeq} on in the log of ${name} ${stored} are there`,
    );
}

async function readCommits(ask: Ask, chosen: readonly SealedCommit[], faults: Set<string>): Promise<void> {
  const places = [
    numberArray(chosen.map(({ origin }) => origin)),
    numberArray(chosen.map(({ epoch }) => epoch)),
    numberArray(chosen.map(({ firstSeq }) => firstSeq)),
  ];
  const seals = await ask<CommitRow>(
    `SELECT NULL AS name, ${seal} FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS asked (of, at, first)
       JOIN commits ON origin = of AND epoch = at AND first_seq = first`,
    places,
  );
  const entries = await ask<EntryRow & { of: number; at: number; first: number }>(
    // OFFSET 0: each commit by the index. A plan that takes all entries for each of them would go on for minutes.
    `SELECT of, at, first, seq, id, kind, bytes, gone
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS asked (of, at, first, size)
       CROSS JOIN LATERAL (SELECT seq, id, kind, bytes, gone FROM entries e
         WHERE e.origin = of AND e.epoch = at AND e.seq >= first AND e.seq < first + size ORDER BY seq OFFSET 0) found`,
    [...places, numberArray(chosen.map(({ size }) => size))],
  );
  const nameOf = (...place: readonly number[]): string => place.join(' ');
  const [sealOf, entriesOf] = [new Map<string, SealRow>(), new Map<string, EntryRow[]>()];
  for (const { origin, name: _, ...row } of seals) sealOf.set(nameOf(origin, row.epoch, row.firstSeq), row);
  for (const { of, at, first, ...row } of entries) {
    const known = entriesOf.get(nameOf(of, at, first));
    if (known) known.push(row);
    else entriesOf.set(nameOf(of, at, first), [row]);
  }
  for (const commit of chosen) {
    const place = nameOf(commit.origin, commit.epoch, commit.firstSeq);
    checkCommit(commit, sealOf.get(place), entriesOf.get(place) ?? [], faults);
  }
}

/** Each damaged row is named; what is wrong with the commit is said once. */
function checkCommit(
  commit: SealedCommit,
  row: SealRow | undefined,
  rows: readonly EntryRow[],
  faults: Set<string>,
): void {
  const { name, firstSeq, size } = commit;
  const bySeq = new Map(rows.map((entry) => [entry.seq, entry]));
  const leaves: Uint8Array[] = [];
  for (let seq = firstSeq; seq < firstSeq + size; seq += 1)
    noteFault(faults, `entry ${seq}`, () => leaves.push(checkEntry(commit, seq, bySeq.get(seq))));
  noteFault(faults, `the seal from entry ${firstSeq} on`, () => {
    if (!row || !isSealValid(toSeal(name, row)))
      throw new MootError('damaged', `the seal from entry ${firstSeq} on was not made by the origin of its entries`);
    if (leaves.length === size && Buffer.compare(merkleRoot(leaves), row.root) !== 0)
      throw new MootError('damaged', `the commit from entry ${firstSeq} on is not what was sealed`);
  });
}

/** @returns its hash. @throws MootError `damaged`. */
function checkEntry({ name, epoch }: SealedCommit, seq: number, row: EntryRow | undefined): Uint8Array {
  if (!row) throw new MootError('damaged', `entry ${seq} is missing`);
  const { id, kind, bytes, gone } = row;
  if (!isBytes(id, hashBytes)) throw new MootError('damaged', `the name of entry ${seq} is damaged`);
  // One that was retracted or hidden has its place and its hash, and no text.
  if (gone !== null) {
    if (bytes === null && goneNames[gone]) return id;
    throw new MootError('damaged', `entry ${seq} is there, and said to be gone`);
  }
  if (!bytes || Buffer.compare(leafHash(bytes), id) !== 0)
    throw new MootError('damaged', `entry ${seq} is not what was sealed`);
  if (kind === unreadableKind) return id;
  const said = decodeEntry(bytes);
  if (said.origin !== name || said.epoch !== epoch || said.seq !== seq)
    throw new MootError('damaged', `entry ${seq} is not at the place its seal gives it`);
  return id;
}
