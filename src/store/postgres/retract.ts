import { decodeEntry } from '../../core/entry-codec.js';
import { MootError } from '../../core/errors.js';
import { fromId, isId, type OriginId, toId } from '../../core/ids.js';
import type { Retraction } from '../../core/log.js';
import type { Published } from '../../core/stores.js';
import { leafHash } from '../../identity/merkle.js';
import { retractionKind } from '../sqlite/entry-scanner.js';
import { retractionOf } from '../submission.js';
import type { Database } from './database.js';
import { TopicCounts } from './entry-rows.js';
import { takeBackText } from './mirror-writer.js';
import { changeOfOne, type OwnLog } from './own-log.js';

interface Before {
  readonly id: Uint8Array;
  readonly epoch: number;
  readonly seq: number;
  readonly publishedAtMs: number;
}

/** Takes an article of the own log back: the entry that says so, and the end of its text, in one transaction. */
export async function retract(
  database: Database,
  log: OwnLog,
  own: { readonly origin: OriginId; readonly number: number },
  retraction: Retraction,
  nowMs: number,
): Promise<Published> {
  const id = isId(retraction.id) ? fromId(retraction.id) : undefined;
  if (!id) throw notThere(retraction.id);
  let target = { epoch: 0, seq: 0 };
  return await log.change(
    changeOfOne(
      async (plan): Promise<Published> => {
        const [before] = await database.read<Before>(
          `SELECT e.id, e.epoch, e.seq, e.published_at AS "publishedAtMs" FROM retractions r
           JOIN entries e ON e.origin = r.origin AND e.epoch = r.by_epoch AND e.seq = r.by_seq
           WHERE r.origin = $1 AND r.id = $2`,
          [own.number, id],
        );
        if (before) return { ...before, id: toId(before.id), origin: own.origin, duplicate: true };
        const article = await articleOf(database, own.number, id, retraction);
        target = { epoch: article.epoch, seq: article.seq };
        const entry = retractionOf(article, retraction, plan.nextPlace, nowMs);
        return plan.add(entry, retractionKind, nowMs);
      },
      {
        along: async (ask, { epoch, seq }) => {
          const named = { origin: own.number, id, ...target };
          await ask(
            `INSERT INTO retractions (origin, id, epoch, seq, by_epoch, by_seq) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT DO NOTHING`,
            [named.origin, id, named.epoch, named.seq, epoch, seq],
          );
          const counts = new TopicCounts();
          await takeBackText(ask, named, false, counts);
          await counts.write(ask);
        },
      },
    ),
  );
}

/** @throws MootError `not_found`, `denied` or `damaged`. */
async function articleOf(database: Database, own: number, id: Uint8Array, { id: name, onlyOf }: Retraction) {
  const [row] = await database.read<{ bytes: Uint8Array }>(
    'SELECT bytes FROM entries WHERE origin = $1 AND id = $2 AND kind = 1 AND bytes IS NOT NULL',
    [own, id],
  );
  if (!row) throw notThere(name);
  if (toId(leafHash(row.bytes)) !== name) throw new MootError('damaged', `article ${name} is damaged`);
  const article = decodeEntry(row.bytes);
  if (onlyOf !== undefined && onlyOf !== article.memberId)
    throw new MootError('denied', 'only who has published an article, or the operator, can take it back');
  return article;
}

function notThere(id: string): MootError {
  return new MootError('not_found', `there is no article ${id} here`);
}
