import type { DatabaseLook, DatabaseState, LogCheck } from '../../app/look-at-data.js';
import { attempt, type Check, ok } from './check.js';
import { contentsCheck, damage, formatCheck, logCheck, mebibytes, mirrorCheck, sealChecks } from './log-checks.js';

const putBack = 'stop the server and put a copy of moot.db in its place; keep the damaged one as well';
const belong = 'put the identity.pem and the moot.db together that belong together';
export const beforeNextStart =
  'where there were articles: put a copy back before the next start, which makes an empty one';

/** @param id of the identity that goes with it. */
export function* checkDatabase(database: DatabaseLook, id: string | undefined): Generator<Check> {
  let state: DatabaseState | undefined;
  yield attempt('database', () => {
    state = database.state();
    if (state.bytes === 0)
      return { check: 'database', status: 'warning', detail: 'moot.db is empty', hint: beforeNextStart };
    return ok('database', `moot.db opens, ${mebibytes(state.bytes)}`);
  });
  if (!state?.bytes) return;
  yield formatCheck(state);
  yield journalCheck(state);
  yield attempt('pages', () => {
    const [first, ...more] = database.problems();
    if (first === undefined) return ok('pages', 'SQLite finds nothing wrong');
    return damage('pages', more.length === 0 ? first : `${first}; and ${more.length} more`, putBack);
  });
  if (state.format < state.newestFormat) return;
  yield attempt('contents', () => contentsCheck(database.contents(), id, belong));
  yield attempt('log', () => logCheck(database.contents(), putBack));
  let log: LogCheck | undefined;
  const failed = attempt('seals', () => {
    log = database.log();
    return ok('seals', '');
  });
  if (log) yield* sealChecks(log, putBack);
  else yield failed;
  yield attempt('mirrors', () => mirrorCheck(database.gaps()));
}

function journalCheck({ journal, synchronous }: DatabaseState): Check {
  const detail = `${journal}, synchronous ${synchronous === 2 ? 'full' : synchronous}`;
  if (journal === 'wal') return ok('journal', detail);
  return { check: 'journal', status: 'warning', detail, hint: 'nothing to do: the next start makes it wal' };
}
