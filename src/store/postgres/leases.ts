import type { LeaseHolder, LeaseStore } from '../../core/leases.js';
import type { Database } from './database.js';
import { isLost, toMootError } from './postgres-error.js';

/** Leases in a table, by the clock of the database. */
export function leaseStore(database: Database): LeaseStore {
  const ask = async <Row extends object>(sql: string, values: readonly unknown[]): Promise<Row[]> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await database.write<Row>(sql, values);
      } catch (error) {
        // To hold or give back once more is the same as once.
        if (attempt >= 2 || !isLost(error)) throw toMootError(error);
      }
    }
  };
  return {
    hold: async (name, holder, forMs) => {
      const held = await ask(
        `INSERT INTO leases (name, holder, until) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
           WHERE leases.holder = excluded.holder OR leases.until <= clock_timestamp()
         RETURNING name`,
        [name, holder, forMs],
      );
      return held.length > 0;
    },
    release: async (name, holder) => {
      await ask('DELETE FROM leases WHERE name = $1 AND holder = $2', [name, holder]);
    },
    holders: (prefix) =>
      database.read<LeaseHolder>(
        `SELECT name, holder FROM leases WHERE left(name, length($1)) = $1 AND until > clock_timestamp() ORDER BY name`,
        [prefix],
      ),
  };
}
