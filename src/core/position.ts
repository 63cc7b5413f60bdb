/** A place in the order of answers: newest first by date, then by id; both fall. */
export interface Position {
  readonly publishedAtMs: number;
  readonly id: string;
}

/** Below 0 when `a` stands before `b` in an answer (is newer). */
export function comparePositions(a: Position, b: Position): number {
  if (a.publishedAtMs !== b.publishedAtMs) return b.publishedAtMs - a.publishedAtMs;
  if (a.id === b.id) return 0;
  return a.id > b.id ? -1 : 1;
}
