/** What one member may publish in a day, which begins at midnight UTC. Infinity: as much as they like. */
export interface DailyQuota {
  readonly articles: number;
  /** Of entries, as they are stored. */
  readonly bytes: number;
}

/** What one member has published in a day. */
export type DailyUse = DailyQuota;

/** What one article more would be too much of. */
export interface QuotaReached {
  readonly of: keyof DailyQuota;
  readonly most: number;
  /** When the next day begins. */
  readonly untilMs: number;
}

export const noQuota: DailyQuota = { articles: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

const dayMs = 86_400_000;

/** Days since 1970-01-01, UTC. */
export function dayOf(nowMs: number): number {
  return Math.floor(nowMs / dayMs);
}

/** Why an article of so many bytes is not taken of who has used `use` today; undefined when it is. */
export function quotaReached(quota: DailyQuota, use: DailyUse, bytes: number, nowMs: number): QuotaReached | undefined {
  const untilMs = (dayOf(nowMs) + 1) * dayMs;
  if (use.articles + 1 > quota.articles) return { of: 'articles', most: quota.articles, untilMs };
  if (use.bytes + bytes > quota.bytes) return { of: 'bytes', most: quota.bytes, untilMs };
  return undefined;
}
