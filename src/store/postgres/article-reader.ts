import { noHash, type SealedArticle } from '../../core/entry.js';
import { decodeEntry } from '../../core/entry-codec.js';
import { isMootError, MootError } from '../../core/errors.js';
import { type EntryId, fromId, isId, type OriginId, toId } from '../../core/ids.js';
import type { ArticleKey, LogEnd, SealedEntry, StoreCounts } from '../../core/stores.js';
import { leafHash } from '../../identity/merkle.js';
import { articleKind, unreadableKind } from '../sqlite/entry-scanner.js';
import { CommitProofs, prove } from './commit-proofs.js';
import type { Database } from './database.js';
import type { Origins } from './origins.js';
import { bytesArray } from './packed-array.js';

interface Row {
  readonly origin: number;
  readonly epoch: number;
  readonly seq: number;
  readonly firstSeq: number;
  readonly id: Buffer;
  readonly kind: number;
  readonly storedAtMs: number;
  readonly bytes: Buffer | null;
}

const entries = `SELECT origin, epoch, seq, first_seq AS "firstSeq", id, kind, stored_at AS "storedAtMs", bytes
  FROM entries WHERE`;

/** Reads entries with their proofs. Everything is held against its seal before it is given away. */
export class ArticleReader {
  private readonly proofs: CommitProofs;

  /** @param onDamaged is told the place of each row that was passed over because it is not what was sealed. */
  constructor(
    private readonly database: Database,
    private readonly origins: Origins,
    private readonly onDamaged: (place: number) => void,
  ) {
    this.proofs = new CommitProofs(database, origins);
  }

  /** In order; what is gone, or damaged, is passed over: one bad row must not cost a page. */
  async load(keys: readonly ArticleKey[]): Promise<readonly SealedArticle[]> {
    if (keys.length === 0) return [];
    const rows = await this.database.read<Row>(`${entries} id = ANY($1::bytea[]) AND kind = 1 AND bytes IS NOT NULL`, [
      bytesArray(keys.map(({ id }) => fromId(id))),
    ]);
    const found = new Map<EntryId, SealedArticle>();
    const treeOf = await this.proofs.read(rows);
    for (const row of rows) {
      try {
        found.set(toId(row.id), this.checked(row, treeOf));
      } catch (error) {
        if (!isMootError(error) || error.code !== 'damaged') throw error;
        this.onDamaged(row.seq);
      }
    }
    return keys.flatMap(({ id }) => found.get(id) ?? []);
  }

  /** @throws MootError `damaged`. */
  async get(id: EntryId): Promise<SealedArticle | undefined> {
    if (!isId(id)) fromId(id);
    const [row] = await this.database.read<Row>(`${entries} id = $1 AND kind = 1 AND bytes IS NOT NULL`, [fromId(id)]);
    return row && this.checked(row, await this.proofs.read([row]));
  }

  /** What has text. A log has no holes: a damaged entry ends the reading. @throws MootError `damaged`. */
  async read(origin: OriginId, fromSeq: number, limit: number): Promise<readonly SealedEntry[]> {
    const number = await this.origins.find(origin);
    if (number === undefined) return [];
    const [end] = await this.database.read<{ epoch: number; seq: number }>(
      `SELECT epoch, first_seq + size - 1 AS seq FROM commits WHERE origin = $1 ORDER BY epoch DESC, first_seq DESC LIMIT 1`,
      [number],
    );
    if (!end) return [];
    return await this.readEpoch(number, end, Math.max(fromSeq, 1), limit);
  }

  private async readEpoch(
    origin: number,
    end: { readonly epoch: number; readonly seq: number },
    from: number,
    limit: number,
  ): Promise<readonly SealedEntry[]> {
    const rows = await this.database.read<Row & { readonly gone: number | null }>(
      `${entries.replace('bytes\n', 'bytes, gone\n')} origin = $1 AND epoch = $2 AND seq >= $3 ORDER BY seq LIMIT $4`,
      [origin, end.epoch, from, limit],
    );
    const hole = rows.findIndex(({ seq }, at) => seq !== from + at);
    const next = from + (hole === -1 ? rows.length : hole);
    // Where it ends before its limit it ends where the last seal does.
    if (hole !== -1 || (rows.length < limit && next <= end.seq))
      throw new MootError('damaged', `entry ${next} is missing`);
    const shown = rows.filter(({ gone, kind }) => gone === null && kind !== unreadableKind);
    const treeOf = await this.proofs.read(shown);
    return shown.map((row) => this.checked(row, treeOf));
  }

  async end(own: number): Promise<LogEnd> {
    const [row] = await this.database.read<LogEnd>(
      'SELECT end_epoch AS epoch, end_seq AS seq, last_seal AS "lastSeal" FROM logs WHERE origin = $1',
      [own],
    );
    return row ?? { epoch: 1, seq: 0, lastSeal: noHash };
  }

  async counts(own: number): Promise<StoreCounts> {
    const topics = await this.database.read<{ topic: string; articles: number }>(
      'SELECT topic, articles FROM topic_counts WHERE origin = $1 AND articles > 0 ORDER BY topic',
      [own],
    );
    return { articles: topics.reduce((sum, { articles }) => sum + articles, 0), topics };
  }

  private checked(row: Row, treeOf: Awaited<ReturnType<CommitProofs['read']>>): SealedArticle {
    const { id, bytes, seq, storedAtMs } = row;
    if (!bytes || Buffer.compare(leafHash(bytes), id) !== 0)
      throw new MootError('damaged', `entry ${seq} is not what was sealed`);
    const entry = decodeEntry(bytes);
    if (row.kind === articleKind && entry.seq !== seq) throw new MootError('damaged', `entry ${seq} is not its own`);
    return { id: toId(id), entry, bytes, proof: prove(treeOf(row), seq, id), storedAtMs };
  }
}
