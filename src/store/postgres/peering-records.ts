import type { LinkRequest, PeeringStore, PeerLevel } from '../../core/peering.js';
import type { Link, LinkStore, SettingStore } from '../../core/stores.js';
import type { Database } from './database.js';
import type { RecordChanges } from './record-changes.js';

export function linkStore(database: Database, changes: RecordChanges): LinkStore {
  return {
    put: ({ peer, name, address, sinceMs }) =>
      changes.change(['links'], async (ask) => {
        await ask(
          `INSERT INTO links (number, peer, name, address, since)
           SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4 FROM links
           ON CONFLICT (peer) DO UPDATE SET name = excluded.name, address = excluded.address`,
          [peer, name, address, sinceMs],
        );
      }),
    remove: (peer) =>
      changes.change(['links'], async (ask) => {
        const gone = await ask('DELETE FROM links WHERE peer = $1 RETURNING number', [peer]);
        return gone.length > 0;
      }),
    all: () => database.read<Link>('SELECT peer, name, address, since AS "sinceMs" FROM links ORDER BY number'),
  };
}

export function peeringStore(database: Database, changes: RecordChanges): PeeringStore {
  return {
    putLevel: ({ peer, name, level, reason, sinceMs, untilMs = null }) =>
      changes.change(['peering'], async (ask) => {
        await ask(
          `INSERT INTO levels (peer, name, level, reason, since, until) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (peer) DO UPDATE SET name = excluded.name, level = excluded.level, reason = excluded.reason,
             since = excluded.since, until = excluded.until`,
          [peer, name, level, reason, sinceMs, untilMs],
        );
      }),
    levels: async () => {
      const rows = await database.read<Omit<PeerLevel, 'untilMs'> & { readonly untilMs: number | null }>(
        'SELECT peer, name, level, reason, since AS "sinceMs", until AS "untilMs" FROM levels ORDER BY peer',
      );
      return rows.map(({ untilMs, ...level }) => ({ ...level, untilMs: untilMs ?? undefined }));
    },
    changeRequests: (put, gone) =>
      changes.change(['peering'], async (ask) => {
        for (const { peer, name, firstMs, lastMs } of put)
          await ask(
            `INSERT INTO link_requests (peer, name, first, last) VALUES ($1, $2, $3, $4)
             ON CONFLICT (peer) DO UPDATE SET name = excluded.name, first = excluded.first, last = excluded.last`,
            [peer, name, firstMs, lastMs],
          );
        for (const peer of gone) await ask('DELETE FROM link_requests WHERE peer = $1', [peer]);
      }),
    requests: () =>
      database.read<LinkRequest>(
        'SELECT peer, name, first AS "firstMs", last AS "lastMs" FROM link_requests ORDER BY peer',
      ),
  };
}

export function settingStore(database: Database, changes: RecordChanges): SettingStore {
  return {
    get: async (key) => {
      const [row] = await database.read<{ value: string }>('SELECT value FROM settings WHERE key = $1', [key]);
      return row?.value;
    },
    set: (key, value) =>
      changes.change(['settings'], async (ask) => {
        await ask(
          `INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
          [key, value],
        );
      }),
  };
}
