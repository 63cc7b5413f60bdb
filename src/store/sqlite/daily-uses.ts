import { type DailyQuota, type DailyUse, dayOf, type QuotaReached, quotaReached } from '../../core/quota.js';
import type { LogStatements } from './log-statements.js';

interface Counted extends DailyUse {
  readonly memberId: string;
  readonly day: number;
}

/** What members use of their day in one transaction: each row is read once, and written once at the end. */
export class DailyUses {
  private readonly counted = new Map<string, Counted>();

  constructor(
    private readonly sql: Pick<LogStatements, 'findUse' | 'putUse' | 'dropUses'>,
    private readonly quota: DailyQuota,
  ) {}

  /** Counts an article. @returns why it is not taken; nothing is then counted. */
  spend(memberId: string, bytes: number, nowMs: number): QuotaReached | undefined {
    const day = dayOf(nowMs);
    const name = `${day}\n${memberId}`;
    const use = this.counted.get(name) ?? this.sql.findUse.get(day, memberId) ?? { articles: 0, bytes: 0 };
    const reached = quotaReached(this.quota, use, bytes, nowMs);
    if (!reached) this.counted.set(name, { memberId, day, articles: use.articles + 1, bytes: use.bytes + bytes });
    return reached;
  }

  /** Writes what was counted, and drops the rows of days that are over. */
  write(): void {
    for (const { memberId, day, articles, bytes } of this.counted.values()) {
      this.sql.dropUses.run(day);
      this.sql.putUse.run(day, memberId, articles, bytes);
    }
  }
}
