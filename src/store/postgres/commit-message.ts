import type { OriginId } from '../../core/ids.js';
import type { Commit, LogPlace } from '../../core/log.js';
import type { RecordKind } from '../../core/stores.js';
import { leafHash, merkleRoot } from '../../identity/merkle.js';
import { isSealValid } from '../../identity/seal.js';
import { packCommits, unpackCommits } from '../sqlite/packed-commits.js';

/** A commit goes along when it is no larger; who gets none reads the store. */
const smallBytes = 32 * 1024;

/** What one replica rings the others for. */
export type Bell =
  | {
      readonly from: string;
      readonly kind: 'head';
      readonly origin: OriginId;
      readonly end: LogPlace;
      readonly commit?: Commit;
    }
  | { readonly from: string; readonly kind: 'records'; readonly records: RecordKind; readonly version: number };

interface Said {
  readonly from: string;
  readonly kind: Bell['kind'];
  readonly origin?: OriginId;
  readonly end?: LogPlace;
  readonly entries?: number | undefined;
  readonly records?: RecordKind;
  readonly version?: number;
}

/** The length of a line of JSON (4 bytes), the line, and the commit, packed, if it is small. */
export function encodeBell(bell: Bell): Uint8Array {
  const packed = bell.kind === 'head' && bell.commit && isSmall(bell.commit) ? packCommits([bell.commit]) : undefined;
  const { commit: _, ...said } = { commit: undefined, ...bell };
  const line = Buffer.from(JSON.stringify({ ...said, entries: packed?.entries } satisfies Said));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(line.length);
  return Buffer.concat([length, line, Buffer.from(packed?.buffer ?? new ArrayBuffer(0))]);
}

/** @returns undefined for what is no bell, or `self` rang; a commit that is not what was sealed is left out. */
export function decodeBell(data: Uint8Array, self: string): Bell | undefined {
  try {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const length = bytes.readUInt32BE(0);
    const said = JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Said;
    const { from, origin, end, entries, records, version } = said;
    if (from === self) return undefined;
    if (said.kind === 'records' && records !== undefined && version !== undefined)
      return { from, kind: 'records', records, version };
    if (said.kind !== 'head' || origin === undefined || end === undefined) return undefined;
    const commit = entries === undefined ? undefined : sealedCommit(bytes.subarray(4 + length), origin, entries);
    return { from, kind: 'head', origin, end, ...(commit === undefined ? {} : { commit }) };
  } catch {
    return undefined;
  }
}

function isSmall({ entries }: Commit): boolean {
  return entries.reduce((sum, { bytes }) => sum + 64 + (bytes?.length ?? 0), 0) <= smallBytes;
}

/** A bus is not the record: what comes over it is held against its seal before anyone is told. */
function sealedCommit(bytes: Uint8Array, origin: OriginId, entries: number): Commit | undefined {
  const buffer = new ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  const [commit] = unpackCommits({ origins: [origin], commits: 1, entries, buffer });
  if (!commit || commit.entries.length !== commit.seal.size) return undefined;
  const leaves = commit.entries.map((entry) => (entry.bytes ? leafHash(entry.bytes) : entry.hash));
  const isSealed = Buffer.compare(merkleRoot(leaves), commit.seal.root) === 0 && isSealValid(commit.seal);
  return isSealed ? commit : undefined;
}
