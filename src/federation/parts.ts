import type { Asker, SearchSelf } from '../core/asking.js';
import type { Clock } from '../core/clock.js';
import { comparePositions } from '../core/position.js';
import { bounds } from './bounds.js';
import type { Marking } from './marks.js';
import { type Compare, type Repeats, SeenIds } from './merge.js';
import { RowBook, type RowKeeping } from './row-book.js';

/** What a server brings to a search. */
export interface SearchParts {
  readonly self: SearchSelf;
  readonly asker: Asker;
  readonly clock: Clock;
  readonly marks: Marking;
  /** Default: `soundPieces`. */
  readonly pieces?: Pieces;
}

/** What makes an answer exact. Each has one right form; the tests plant wrong ones to see that they are noticed. */
export interface Pieces {
  readonly compare: Compare;
  readonly repeats: () => Repeats;
  readonly rows: () => RowKeeping;
  readonly rounds: number;
}

export const soundPieces: Pieces = {
  compare: comparePositions,
  repeats: () => new SeenIds(),
  rows: () => new RowBook(),
  rounds: bounds.rounds,
};
