import type { Head } from '../../core/entry.js';
import type { OriginId } from '../../core/ids.js';
import type { LogPlace, LogState, Whence } from '../../core/log.js';
import type { Database } from './database.js';

interface Row {
  readonly origin: OriginId;
  readonly via: OriginId | null;
  readonly endEpoch: number;
  readonly endSeq: number;
  readonly lastSeal: Uint8Array;
  readonly entries: number;
  readonly firstEpoch: number | null;
  readonly firstSeq: number | null;
  readonly headEpoch: number | null;
  readonly headSeq: number | null;
  readonly headSeal: Uint8Array;
  readonly asOfMs: number;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

const states = `SELECT named.name AS origin, peers.name AS via, end_epoch AS "endEpoch", end_seq AS "endSeq",
    logs.last_seal AS "lastSeal", entries, oldest.epoch AS "firstEpoch", oldest.first_seq AS "firstSeq",
    heads.epoch AS "headEpoch", heads.seq AS "headSeq", heads.last_seal AS "headSeal", as_of AS "asOfMs",
    public_key AS "publicKey", signature
  FROM logs JOIN origins named ON named.number = logs.origin LEFT JOIN origins peers ON peers.number = logs.via
    LEFT JOIN heads ON heads.origin = logs.origin AND logs.via IS NOT NULL
    LEFT JOIN LATERAL (SELECT epoch, first_seq FROM commits WHERE commits.origin = logs.origin
      ORDER BY epoch, first_seq LIMIT 1) oldest ON TRUE`;

/** What is kept of each log, by small questions. */
export class LogStates {
  constructor(private readonly database: Database) {}

  /** The own log first. */
  async all(): Promise<readonly LogState[]> {
    const rows = await this.database.read<Row>(`${states} ORDER BY logs.via IS NOT NULL, logs.origin`);
    return rows.map(toState);
  }

  async one(origin: OriginId): Promise<LogState | undefined> {
    const [row] = await this.database.read<Row>(`${states} WHERE named.name = $1`, [origin]);
    return row && toState(row);
  }

  /** The commit that holds `place`: when it was stored, and who brought it. */
  async whence(origin: OriginId, { epoch, seq }: LogPlace): Promise<Whence | undefined> {
    const [row] = await this.database.read<{ storedAtMs: number; via: OriginId | null; end: number }>(
      `SELECT stored_at AS "storedAtMs", peers.name AS via, first_seq + size AS end
       FROM commits JOIN origins named ON named.number = origin LEFT JOIN origins peers ON peers.number = via
       WHERE named.name = $1 AND epoch = $2 AND first_seq <= $3 ORDER BY first_seq DESC LIMIT 1`,
      [origin, epoch, seq],
    );
    return row && seq < row.end ? { storedAtMs: row.storedAtMs, via: row.via ?? undefined } : undefined;
  }
}

function toState(row: Row): LogState {
  const { origin, via, lastSeal, entries, headEpoch, headSeq, headSeal, asOfMs, publicKey, signature } = row;
  const end = { epoch: row.endEpoch, seq: row.endSeq };
  const after = row.firstEpoch === null ? end : { epoch: row.firstEpoch, seq: (row.firstSeq ?? 1) - 1 };
  const head: Head | undefined =
    headEpoch === null
      ? undefined
      : { origin, epoch: headEpoch, seq: headSeq ?? 0, lastSeal: headSeal, asOfMs, publicKey, signature };
  return { origin, after, end, lastSeal, head, via: via ?? undefined, entries };
}
