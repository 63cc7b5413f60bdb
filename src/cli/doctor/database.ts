import type { DatabaseLook, DatabaseState, LogCheck } from '../../app/look-at-data.js';
import { attempt, type Check } from './check.js';

const putBack = 'stop the server and put a copy of moot.db in its place; keep the damaged one as well';
export const beforeNextStart =
  'where there were articles: put a copy back before the next start, which makes an empty one';
/** Lines about damage, before the rest is only counted. */
const mostFaults = 10;

/** @param id of the identity in the same folder. */
export function* checkDatabase(database: DatabaseLook, id: string | undefined): Generator<Check> {
  let state: DatabaseState | undefined;
  yield attempt('database', () => {
    state = database.state();
    if (state.bytes === 0)
      return { check: 'database', status: 'warning', detail: 'moot.db is empty', hint: beforeNextStart };
    return ok('database', `moot.db opens, ${(state.bytes / 1024 / 1024).toFixed(1)} MiB`);
  });
  if (!state?.bytes) return;
  yield formatCheck(state);
  yield journalCheck(state);
  yield attempt('pages', () => {
    const [first, ...more] = database.problems();
    if (first === undefined) return ok('pages', 'SQLite finds nothing wrong');
    return damage('pages', more.length === 0 ? first : `${first}; and ${more.length} more`);
  });
  if (state.format < state.newestFormat) return;
  yield attempt('contents', () => contentsCheck(database, id));
  yield attempt('log', () => {
    const { endsAt, sealedTo } = database.contents();
    if (endsAt === sealedTo) return ok('log', `ends at entry ${endsAt}, as its last seal says`);
    return damage('log', `ends at entry ${endsAt}, its last seal at ${sealedTo}`);
  });
  yield* sealChecks(database);
  yield attempt('mirrors', () => mirrorCheck(database));
}

function formatCheck({ format, newestFormat }: DatabaseState): Check {
  if (format === newestFormat) return ok('format', `${format}, the newest`);
  return ok('format', `${format}; the next start brings it up to ${newestFormat}`);
}

function journalCheck({ journal, synchronous }: DatabaseState): Check {
  const detail = `${journal}, synchronous ${synchronous === 2 ? 'full' : synchronous}`;
  if (journal === 'wal') return ok('journal', detail);
  return { check: 'journal', status: 'warning', detail, hint: 'nothing to do: the next start makes it wal' };
}

function contentsCheck(database: DatabaseLook, id: string | undefined): Check {
  const { own, articles, members } = database.contents();
  const detail = `${counted(articles, 'article')}, ${counted(members, 'member')}`;
  if (own === undefined || id === undefined || own === id) return ok('contents', detail);
  const other = `${detail}, of another community: ${own}`;
  return {
    check: 'contents',
    status: 'FAIL',
    detail: other,
    hint: 'put the identity.pem and the moot.db together that belong together',
  };
}

function mirrorCheck(database: DatabaseLook): Check {
  const gaps = database.gaps();
  const [first] = gaps;
  if (!first) return ok('mirrors', 'no copy of another log has a gap');
  const { origin, fromSeq, toSeq, reason } = first;
  const entries = fromSeq === toSeq ? `entry ${fromSeq} is` : `entries ${fromSeq} to ${toSeq} are`;
  const more = gaps.length > 1 ? `; and ${counted(gaps.length - 1, 'gap')} more` : '';
  const detail = `in the copy of ${origin} ${entries} missing: ${reason}${more}`;
  const hint = 'links to it that have them bring them to a copy made anew: moot disconnect, then moot connect';
  return { check: 'mirrors', status: 'warning', detail, hint };
}

function* sealChecks(database: DatabaseLook): Generator<Check> {
  let log: LogCheck | undefined;
  const whole = attempt('seals', () => {
    log = database.log();
    return ok('seals', sealDetail(log));
  });
  const faults = log?.faults ?? [];
  if (faults.length === 0) yield whole;
  const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} faults more`] : [];
  const told = [...faults.slice(0, mostFaults), ...more];
  // What to do is the same for all of them.
  yield* told.map((fault, at) =>
    at === told.length - 1 ? damage('seals', fault) : { ...damage('seals', fault), hint: undefined },
  );
}

function sealDetail({ commits, entries, commitsRead, entriesRead }: LogCheck): string {
  const all = `${counted(commits, 'seal')} over ${entries === 1 ? '1 entry' : `${entries} entries`}`;
  if (commitsRead === commits) return `${all}, all checked`;
  return `${all} follow each other; checked against their bytes: ${commitsRead} seals, ${entriesRead} entries`;
}

function ok(check: string, detail: string): Check {
  return { check, status: 'ok', detail };
}

function damage(check: string, detail: string): Check {
  return { check, status: 'FAIL', detail, hint: putBack, code: 'damaged' };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
