const windowMs = 15_000;
/** Over less than that a rate says nothing. */
const leastMs = 1000;

/** How fast a counter rises, over the last 15 s: three renewals of a server. Times are the caller's, and only rise. */
export class Rate {
  private samples: readonly { readonly count: number; readonly atMs: number }[] = [];

  note(count: number, atMs: number): void {
    const last = this.samples.at(-1);
    // A counter that falls has begun anew.
    if (last && count < last.count) this.samples = [];
    this.samples = [...this.samples, { count, atMs }];
    this.forget(atMs);
  }

  /** Undefined as long as it has been watched for less than a second. */
  perSecond(nowMs: number): number | undefined {
    this.forget(nowMs);
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (!first || !last) return undefined;
    const sinceMs = nowMs - Math.max(first.atMs, nowMs - windowMs);
    return sinceMs < leastMs ? undefined : ((last.count - first.count) * 1000) / sinceMs;
  }

  /** The newest of those from before the window stays: it is what the count was when the window began. */
  private forget(nowMs: number): void {
    const within = this.samples.findIndex(({ atMs }) => atMs > nowMs - windowMs);
    const before = (within === -1 ? this.samples.length : within) - 1;
    if (before > 0) this.samples = this.samples.slice(before);
  }
}
