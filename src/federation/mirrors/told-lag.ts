/** By how much a link was behind, as another replica has told, and when that was heard here, on the monotonic clock. */
export interface ToldLag {
  readonly lagMs: number;
  readonly atMs: number;
}

/** What is behind falls further behind until the other replica says otherwise; what is not stays so. */
export function lagNow(told: ToldLag | undefined, nowMs: number): number | undefined {
  return told && (told.lagMs === 0 ? 0 : told.lagMs + nowMs - told.atMs);
}
