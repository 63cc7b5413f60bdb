import { noHash } from '../../core/entry.js';
import { MootError } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import { sealHash } from '../../identity/seal-statement.js';
import { type SealRow, toSeal } from '../sqlite/seal-row.js';
import type { Database } from './database.js';

/** Begins the own log where it is not there. @throws MootError `damaged` when its end is not what its last seal says. */
export async function beginOwnLog(database: Database, origin: OriginId, number: number): Promise<void> {
  await database.write(
    `INSERT INTO logs (origin, version, begun, held_last, dropped_epoch, dropped_seq, end_epoch, end_seq, last_seal,
       entries) VALUES ($1, 0, 0, 0, 1, 0, 1, 0, $2, 0) ON CONFLICT (origin) DO NOTHING`,
    [number, noHash],
  );
  // In one statement: others append meanwhile.
  const [row] = await database.read<SealRow & { readonly endSeq: number; readonly end: Uint8Array }>(
    `SELECT logs.end_seq AS "endSeq", logs.last_seal AS end, epoch, first_seq AS "firstSeq", size, root, previous,
       public_key AS "publicKey", signature
     FROM logs LEFT JOIN LATERAL (SELECT * FROM commits WHERE commits.origin = logs.origin
       ORDER BY epoch DESC, first_seq DESC LIMIT 1) last ON TRUE WHERE logs.origin = $1`,
    [number],
  );
  if (!row || row.epoch === null) return;
  const seal = toSeal(origin, row);
  const inLog = seal.firstSeq + seal.size - 1;
  if (inLog === row.endSeq && Buffer.compare(sealHash(seal), row.end) === 0) return;
  throw new MootError('damaged', `the log ends at ${row.endSeq}, its last seal at ${inLog}`, {
    hint: 'stop all replicas and put a copy of the database in its place',
  });
}
