import type { KeyLook, PostgresContents, PostgresLook, PostgresServer, ReplicaSeen } from '../../app/look-at-data.js';
import { attemptAll, type Check, failed, ok } from './check.js';
import { checkClocks } from './clocks.js';
import { beforeNextStart } from './database.js';
import { contentsCheck, formatCheck, logCheck, mebibytes, mirrorCheck, sealChecks } from './log-checks.js';

const putBack =
  'stop all replicas, and put the newest dump into another, empty database (README: Backup); keep the damaged one as well';
const belong = 'name the identity file that goes with it: --identity FILE, or another schema: ?schema=NAME';

/** A community in PostgreSQL. Nothing there is changed. @param key of the identity that goes with it. */
export async function* checkPostgres(
  open: () => Promise<PostgresLook>,
  key: KeyLook | undefined,
  now: () => number,
): AsyncGenerator<Check> {
  let look: PostgresLook;
  try {
    look = await open();
  } catch (error) {
    yield failed('database', error);
    return;
  }
  try {
    yield* checkServer(look, now);
    yield* checkTables(look, key);
  } finally {
    await look.close();
  }
}

async function* checkServer(look: PostgresLook, now: () => number): AsyncGenerator<Check> {
  const askedMs = now();
  yield* attemptAll(
    'database',
    () => look.server(),
    (server) => [
      ok('database', `${look.name} answers: PostgreSQL ${server.version}, ${mebibytes(server.bytes)}`),
      ...durabilityChecks(server),
      ...checkClocks([{ name: 'PostgreSQL', aheadMs: server.nowMs - (askedMs + now()) / 2 }]),
    ],
  );
}

function* durabilityChecks(server: PostgresServer): Generator<Check> {
  const check = 'durability';
  const { fsync, fullPageWrites, synchronousCommit, isStandby } = server;
  const settings = { fsync, full_page_writes: fullPageWrites, synchronous_commit: synchronousCommit };
  // Past `on`, PostgreSQL waits for a second machine as well.
  const sure = ['on', 'remote_apply'];
  const unsure = Object.entries(settings).filter(([, value]) => !sure.includes(value));
  for (const [name, value] of unsure)
    yield {
      check,
      status: 'FAIL',
      detail: `${name} is ${value}: when the machine of PostgreSQL dies, acknowledged articles may be lost`,
      hint: `ALTER SYSTEM SET ${name} = on; SELECT pg_reload_conf(); what was written before is only sure after a CHECKPOINT`,
    };
  if (isStandby)
    yield {
      check,
      status: 'FAIL',
      detail: 'this PostgreSQL follows another one, and takes no writes',
      hint: 'name the one that it follows, or make this one the first: pg_ctl promote',
    };
  if (unsure.length === 0 && !isStandby) yield ok(check, 'what is committed is on disk: fsync, full_page_writes');
}

async function* checkTables(look: PostgresLook, key: KeyLook | undefined): AsyncGenerator<Check> {
  let isNewest = false;
  yield* attemptAll(
    'format',
    () => look.tables(),
    function* (tables) {
      if (!tables) {
        const detail = `no community is in ${look.name}`;
        yield { check: 'format', status: 'warning', detail, hint: beforeNextStart };
        return;
      }
      isNewest = tables.format === tables.newestFormat;
      yield formatCheck(tables);
      if (tables.isMoving)
        yield {
          check: 'move',
          status: 'FAIL',
          detail: 'a move into it was begun, and not finished',
          hint: 'run the same moot migrate again: it goes on where it was',
        };
    },
  );
  if (!isNewest) return;
  yield* attemptAll(
    'contents',
    () => look.contents(),
    (contents) => contentsChecks(contents, key),
    putBack,
  );
  yield* attemptAll(
    'seals',
    () => look.log(),
    (log) => sealChecks(log, putBack),
    putBack,
  );
  yield* attemptAll(
    'mirrors',
    () => look.gaps(),
    (gaps) => [mirrorCheck(gaps)],
    putBack,
  );
  yield* attemptAll(
    'replicas',
    () => look.replicas(),
    (seen) => [replicaCheck(seen)],
    putBack,
  );
}

function* contentsChecks(contents: PostgresContents, key: KeyLook | undefined): Generator<Check> {
  yield contentsCheck(contents, key?.id, belong);
  if (key && key.id === contents.own && key.rotations < contents.rotations)
    yield {
      check: 'key',
      status: 'FAIL',
      detail: 'the key in this identity has been replaced: no replica starts with it',
      hint: 'use the identity.pem that `moot keys --rotate` has made',
    };
  yield logCheck(contents, putBack);
  if (contents.isRestored) yield ok('restored', 'it was put back from a copy: the next start opens a new epoch');
}

function replicaCheck(seen: readonly ReplicaSeen[]): Check {
  const there = seen.filter(({ isThere }) => isThere);
  const named = there.map(({ address, agoMs }) => `${address} (${ago(agoMs)})`).join(', ');
  if (there.length > 0)
    return ok('replicas', `${there.length === 1 ? 'one is' : `${there.length} are`} there: ${named}`);
  const [last] = seen;
  if (!last) return ok('replicas', 'none is there');
  return ok('replicas', `none is there; the last that did not say goodbye was ${last.address}, ${ago(last.agoMs)}`);
}

function ago(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s ago`;
  if (seconds < 600) return `${Math.round(seconds)} s ago`;
  return seconds < 36_000 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}
