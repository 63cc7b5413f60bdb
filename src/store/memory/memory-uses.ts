import { type DailyQuota, type DailyUse, dayOf, type QuotaReached, quotaReached } from '../../core/quota.js';

/** What members have used of this day. */
export class MemoryUses {
  private readonly uses = new Map<string, DailyUse>();
  private day = 0;

  constructor(private readonly quota: DailyQuota) {}

  /** Counts an article. @returns why it is not taken; nothing is then counted. */
  spend(memberId: string, bytes: number, nowMs: number): QuotaReached | undefined {
    const day = dayOf(nowMs);
    if (day !== this.day) this.uses.clear();
    this.day = day;
    const use = this.uses.get(memberId) ?? { articles: 0, bytes: 0 };
    const reached = quotaReached(this.quota, use, bytes, nowMs);
    if (!reached) this.uses.set(memberId, { articles: use.articles + 1, bytes: use.bytes + bytes });
    return reached;
  }
}
