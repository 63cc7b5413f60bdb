import type { Database, Statement } from 'better-sqlite3';
import type { Seal } from '../../core/entry.js';
import { MootError } from '../../core/errors.js';
import { isKeyLineSize } from '../../identity/key-line.js';

/** What the 32 bits hold in which a seal says its size. */
const mostInCommit = 0xffff_ffff;

export type SealRow = Omit<Seal, 'origin'>;

const columns =
  'epoch, first_seq AS firstSeq, size, root, previous, public_key AS publicKey, signature FROM commits WHERE';

/** The last commit of an origin's log. */
export function lastCommitOf(database: Database): Statement<[number], SealRow> {
  return database.prepare<[number], SealRow>(
    `SELECT ${columns} origin = ? ORDER BY epoch DESC, first_seq DESC LIMIT 1`,
  );
}

/** The commit of an origin and epoch that begins at a sequence number. */
export function commitAt(database: Database): Statement<[number, number, number], SealRow> {
  return database.prepare<[number, number, number], SealRow>(
    `SELECT ${columns} origin = ? AND epoch = ? AND first_seq = ?`,
  );
}

/**
 * A damaged row may hold anything in any column, whatever its table says.
 * @throws MootError `damaged` unless the row has the shape of a seal.
 */
export function toSeal(origin: string, row: SealRow): Seal {
  const { epoch, firstSeq, size, root, previous, publicKey, signature } = row;
  const lengths =
    [root, previous].every((hash) => isBytes(hash, 32)) && isPublicKey(publicKey) && isBytes(signature, 64);
  const numbers = [epoch, firstSeq, size].every((number) => Number.isSafeInteger(number) && number > 0);
  if (!lengths || !numbers || size > mostInCommit) throw new MootError('damaged', 'a seal is damaged');
  return { ...row, origin };
}

/** With its rotations, if there were any. */
export function isPublicKey(value: unknown): value is Uint8Array {
  return isBytes(value) && isKeyLineSize(value.byteLength);
}

export function isBytes(value: unknown, length?: number): value is Uint8Array {
  return ArrayBuffer.isView(value) && (length === undefined || value.byteLength === length);
}
