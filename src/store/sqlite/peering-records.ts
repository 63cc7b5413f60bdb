import type { Database } from 'better-sqlite3';
import type { OriginId } from '../../core/ids.js';
import type { Level, LinkRequest, PeerLevel } from '../../core/peering.js';

/** What changes levels and requests: each call is one transaction. */
export function peeringWrites(database: Database) {
  const putLevel = database.prepare(
    'INSERT OR REPLACE INTO levels (peer, name, level, reason, since, until) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const putRequest = database.prepare(
    'INSERT OR REPLACE INTO link_requests (peer, name, first, last) VALUES (?, ?, ?, ?)',
  );
  const removeRequest = database.prepare('DELETE FROM link_requests WHERE peer = ?');
  return {
    putLevel: ({ peer, name, level, reason, sinceMs, untilMs }: PeerLevel): void =>
      void putLevel.run(peer, name, level, reason, sinceMs, untilMs ?? null),
    changeRequests: database.transaction((put: readonly LinkRequest[], gone: readonly OriginId[]): void => {
      for (const { peer, name, firstMs, lastMs } of put) putRequest.run(peer, name, firstMs, lastMs);
      for (const peer of gone) removeRequest.run(peer);
    }).immediate,
  };
}

interface LevelRow {
  readonly peer: string;
  readonly name: string;
  readonly level: Level;
  readonly reason: string;
  readonly sinceMs: number;
  readonly untilMs: number | null;
}

/** What reads them. */
export function peeringReads(database: Database) {
  const levels = database.prepare<[], LevelRow>(
    'SELECT peer, name, level, reason, since AS sinceMs, until AS untilMs FROM levels ORDER BY peer',
  );
  const requests = database.prepare<[], LinkRequest>(
    'SELECT peer, name, first AS firstMs, last AS lastMs FROM link_requests ORDER BY peer',
  );
  return {
    levels: (): PeerLevel[] => levels.all().map((row) => ({ ...row, untilMs: row.untilMs ?? undefined })),
    linkRequests: (): LinkRequest[] => requests.all(),
  };
}
