import type { AskFrame, AskRequest } from '../core/asking.js';
import type { SealedArticle } from '../core/entry.js';
import { matches } from '../core/filter.js';
import { isId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import { comparePositions } from '../core/position.js';
import type { Row } from '../core/row.js';
import { areSameBytes } from '../core/same-bytes.js';
import { requireText } from '../core/text.js';
import { bounds } from './bounds.js';
import type { Branch } from './branch.js';
import { positionOf } from './merge.js';

/** What is wrong with a frame of a branch, in words for its row; undefined when nothing is. A peer may send anything. */
export function faultOf(frame: AskFrame, branch: Branch, request: AskRequest): string | undefined {
  if (branch.isWordy) return 'sent frames without end that bring nothing';
  switch (frame.kind) {
    case 'articles':
      return articlesFault(frame.articles, branch, request);
    case 'row':
      if (branch.rows > bounds.rows) return `sent more than ${bounds.rows} rows`;
      if (branch.unaccounted > bounds.unaccountedRows)
        return `sent ${bounds.unaccountedRows} rows that no link accounts for`;
      if (branch.links > bounds.linksInBranch) return `named more than ${bounds.linksInBranch} links`;
      return isRowPossible(frame.row) ? undefined : 'sent a row that cannot be';
    case 'already-visited':
      return branch.frames > 1 ? 'said it was asked before, in the middle of its answer' : undefined;
    case 'progress':
      return isCount(frame.calls ?? 0) ? undefined : 'sent a count that cannot be';
    case 'end':
      return isCount(frame.calls) ? undefined : 'sent a count that cannot be';
  }
}

function articlesFault(articles: readonly SealedArticle[], branch: Branch, request: AskRequest): string | undefined {
  if (branch.articles + articles.length > request.limit) return 'sent more articles than were asked for';
  // Words are looked for where the query began, once, and not again at each hop.
  const filter = request.hop === 0 ? request.filter : { ...request.filter, text: undefined };
  let last = branch.last ? positionOf(branch.last) : undefined;
  for (const article of articles) {
    if (!matches(filter, article)) return 'sent articles that do not match';
    const position = positionOf(article);
    if (request.before && comparePositions(request.before, position) >= 0) return 'sent articles out of order';
    if (request.order === 'newest' && last && comparePositions(last, position) >= 0)
      return 'sent articles out of order';
    last = position;
  }
  return undefined;
}

/**
 * Holds what the peer says of itself against what has come of it: its own articles come over this branch and no other, all of
 * them unless the branch has brought as many as were asked for. In words for its row; undefined when nothing is wrong.
 * @param hasEnded the peer has said that nothing more comes.
 */
export function lieOf(
  branch: Branch,
  { limit }: AskRequest,
  digest: (ids: readonly string[]) => Uint8Array,
  hasEnded: boolean,
): string | undefined {
  const { ownRow, ownIds } = branch;
  if (ownRow?.outcome !== 'ANSWERED') return undefined;
  if (ownIds.length > ownRow.articles) return 'sent more articles than its row says';
  if (ownIds.length < ownRow.articles)
    return hasEnded && branch.articles < limit ? 'sent fewer articles than its row says' : undefined;
  return areSameBytes(digest(ownIds), ownRow.digest) ? undefined : 'sent other articles than its row says';
}

function isRowPossible(row: Row): boolean {
  return (
    isId(row.serverId) &&
    (row.via === '' || isId(row.via)) &&
    row.links.length <= limits.links &&
    row.links.every(isId) &&
    isCount(row.hop) &&
    isCount(row.articles) &&
    isCount(row.held) &&
    isLine(row.name, limits.nameCharacters * 2) &&
    isLine(row.reason, limits.textCharacters)
  );
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}

function isLine(text: string, most: number): boolean {
  if (text.length > most) return false;
  try {
    requireText('text', text, 'one line');
    return true;
  } catch {
    return false;
  }
}
