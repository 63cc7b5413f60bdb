import type { Seal } from '../../core/entry.js';
import { invalid } from '../../core/errors.js';
import type { Commit, CommitEntry, Gap, Gone, LogItem } from '../../core/log.js';
import { assertWhole } from '../log-order.js';
import { isBytes, isPublicKey } from './seal-row.js';

/** Commits on their way between threads: one buffer, which goes over whole instead of being copied. */
export interface PackedCommits {
  /** Their logs, each once. */
  readonly origins: readonly string[];
  readonly commits: number;
  readonly entries: number;
  /**
   * For each commit: origin, epoch, first seq, size, when it was stored, size of its key, as 8 bytes each. For each entry: size of its
   * bytes (4), why they are gone (1). Then for each commit its root, previous, key, signature and for each entry id and bytes.
   */
  readonly buffer: ArrayBuffer;
}

/** A part of a log on its way between threads. */
export interface PackedLog {
  readonly packed: PackedCommits;
  /** After how many commits each stands. */
  readonly gaps: readonly { readonly after: number; readonly gap: Gap }[];
}

/** What stands in the column `gone`. */
export const goneNumbers: Readonly<Record<Gone, number>> = { retracted: 1, hidden: 2 };
export const goneNames: readonly (Gone | undefined)[] = [undefined, 'retracted', 'hidden'];
const numberWidth = 6;
const hashBytes = 32;
const sealBytes = 2 * hashBytes + 64;

/** @throws MootError `invalid` for a commit that is not whole, or whose hashes, key or signature are none. */
export function packCommits(commits: readonly Commit[]): PackedCommits {
  const origins = [...new Set(commits.map(({ seal }) => seal.origin))];
  const numberOf = new Map(origins.map((origin, number) => [origin, number]));
  let entries = 0;
  let length = 0;
  for (const commit of commits) {
    assertWhole(commit);
    entries += commit.entries.length;
    length += sealBytes + commit.seal.publicKey.length;
    for (const entry of commit.entries) length += hashBytes + bytesOf(entry).length;
  }
  const views = viewsOf(commits.length, entries, length);
  const { numbers, sizes, gone, data } = views;
  let at = 0;
  let index = 0;
  const put = (bytes: Uint8Array): void => {
    data.set(bytes, at);
    at += bytes.length;
  };
  commits.forEach(({ seal, entries: own, storedAtMs }, commit) => {
    const { origin, epoch, firstSeq, root, previous, publicKey, signature } = seal;
    const isSeal = [root, previous].every((hash) => isBytes(hash, hashBytes)) && isPublicKey(publicKey);
    if (!isSeal || !isBytes(signature, 64))
      throw invalid('commits', `the seal over entry ${firstSeq} of log ${origin} is none`);
    const ofSeal = [numberOf.get(origin) ?? 0, epoch, firstSeq, own.length, storedAtMs, publicKey.length];
    numbers.set(ofSeal, commit * numberWidth);
    for (const part of [root, previous, publicKey, signature]) put(part);
    for (const entry of own) {
      const bytes = bytesOf(entry);
      sizes[index] = bytes.length;
      gone[index] = entry.gone ? goneNumbers[entry.gone] : 0;
      index += 1;
      if (entry.hash.length !== hashBytes) throw invalid('commits', `a hash in log ${origin} is none`);
      put(entry.hash);
      put(bytes);
    }
  });
  return { origins, commits: commits.length, entries, buffer: views.buffer };
}

/** Parts of the buffer, nothing is copied. */
export function unpackCommits({ origins, commits, entries, buffer }: PackedCommits): Commit[] {
  const { numbers, sizes, gone, data } = viewsOf(commits, entries, buffer);
  let at = 0;
  let index = 0;
  const take = (length: number): Uint8Array => {
    at += length;
    return data.subarray(at - length, at);
  };
  const takeEntry = (): CommitEntry => {
    const hash = take(hashBytes);
    const bytes = take(sizes[index] ?? 0);
    const why = goneNames[gone[index] ?? 0];
    index += 1;
    return { hash, bytes: why ? undefined : bytes, gone: why };
  };
  return Array.from({ length: commits }, (_, commit): Commit => {
    const from = commit * numberWidth;
    const ofSeal = numbers.subarray(from, from + numberWidth);
    const [number = 0, epoch = 0, firstSeq = 0, size = 0, storedAtMs = 0, keySize = 0] = ofSeal;
    const [root, previous, publicKey] = [take(hashBytes), take(hashBytes), take(keySize)];
    const signature = take(64);
    const origin = origins[number] ?? '';
    const seal: Seal = { origin, epoch, firstSeq, size, root, previous, publicKey, signature };
    return { seal, entries: Array.from({ length: size }, takeEntry), storedAtMs };
  });
}

/** Marks entry `index` of all as one whose text is not shown. */
export function markGone({ commits, entries, buffer }: PackedCommits, index: number, why: Gone): void {
  viewsOf(commits, entries, buffer).gone[index] = goneNumbers[why];
}

export function packLog(items: readonly LogItem[]): PackedLog {
  const commits: Commit[] = [];
  const gaps: PackedLog['gaps'][number][] = [];
  for (const item of items) {
    if (item.kind === 'commit') commits.push(item.commit);
    else gaps.push({ after: commits.length, gap: item.gap });
  }
  return { packed: packCommits(commits), gaps };
}

export function unpackLog({ packed, gaps }: PackedLog): LogItem[] {
  const items: LogItem[] = [];
  const gapsAfter = (count: number): void => {
    for (const { after, gap } of gaps) if (after === count) items.push({ kind: 'gap', gap });
  };
  gapsAfter(0);
  unpackCommits(packed).forEach((commit, at) => {
    items.push({ kind: 'commit', commit });
    if (gaps.length > 0) gapsAfter(at + 1);
  });
  return items;
}

const nothing = new Uint8Array(0);

function bytesOf({ bytes, gone }: CommitEntry): Uint8Array {
  return gone || !bytes ? nothing : bytes;
}

function viewsOf(commits: number, entries: number, room: number | ArrayBuffer) {
  const [sizesAt, goneAt] = [8 * numberWidth * commits, 8 * numberWidth * commits + 4 * entries];
  const buffer = typeof room === 'number' ? new ArrayBuffer(goneAt + entries + room) : room;
  return {
    buffer,
    numbers: new Float64Array(buffer, 0, numberWidth * commits),
    sizes: new Int32Array(buffer, sizesAt, entries),
    gone: new Uint8Array(buffer, goneAt, entries),
    data: new Uint8Array(buffer, goneAt + entries),
  };
}
