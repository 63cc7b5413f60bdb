import type { DatabaseContents, LogCheck } from '../../app/look-at-data.js';
import type { Gap } from '../../core/log.js';
import { type Check, ok } from './check.js';

/** Lines about damage, before the rest is only counted. */
const mostFaults = 10;

/** @param id of the identity that goes with it, if that is known. @param hint what to do where it is another community's. */
export function contentsCheck(
  { own, articles, members }: DatabaseContents,
  id: string | undefined,
  hint: string,
): Check {
  const detail = `${counted(articles, 'article')}, ${counted(members, 'member')}`;
  if (own === undefined || id === undefined || own === id) return ok('contents', detail);
  return { check: 'contents', status: 'FAIL', detail: `${detail}, of another community: ${own}`, hint };
}

/** @param putBack what to do about damage. */
export function logCheck({ endsAt, sealedTo }: DatabaseContents, putBack: string): Check {
  if (endsAt === sealedTo) return ok('log', `ends at entry ${endsAt}, as its last seal says`);
  return damage('log', `ends at entry ${endsAt}, its last seal at ${sealedTo}`, putBack);
}

export function* sealChecks(log: LogCheck, putBack: string): Generator<Check> {
  const { faults } = log;
  if (faults.length === 0) yield ok('seals', sealDetail(log));
  const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} faults more`] : [];
  const told = [...faults.slice(0, mostFaults), ...more];
  // What to do is the same for all of them.
  yield* told.map((fault, at) => damage('seals', fault, at === told.length - 1 ? putBack : undefined));
}

export function mirrorCheck(gaps: readonly Gap[]): Check {
  const [first] = gaps;
  if (!first) return ok('mirrors', 'no copy of another log has a gap');
  const { origin, fromSeq, toSeq, reason } = first;
  const entries = fromSeq === toSeq ? `entry ${fromSeq} is` : `entries ${fromSeq} to ${toSeq} are`;
  const more = gaps.length > 1 ? `; and ${counted(gaps.length - 1, 'gap')} more` : '';
  const detail = `in the copy of ${origin} ${entries} missing: ${reason}${more}`;
  const hint = 'links to it that have them bring them to a copy made anew: moot disconnect, then moot connect';
  return { check: 'mirrors', status: 'warning', detail, hint };
}

export function formatCheck({
  format,
  newestFormat,
}: {
  readonly format: number;
  readonly newestFormat: number;
}): Check {
  if (format === newestFormat) return ok('format', `${format}, the newest`);
  return ok('format', `${format}; the next start brings it up to ${newestFormat}`);
}

export function damage(check: string, detail: string, hint: string | undefined): Check {
  return { check, status: 'FAIL', detail, hint, code: 'damaged' };
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function sealDetail({ commits, entries, commitsRead, entriesRead }: LogCheck): string {
  const all = `${counted(commits, 'seal')} over ${entries === 1 ? '1 entry' : `${entries} entries`}`;
  if (commitsRead === commits) return `${all}, all checked`;
  return `${all} follow each other; checked against their bytes: ${commitsRead} seals, ${entriesRead} entries`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
