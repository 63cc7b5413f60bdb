/** What one server said of itself at one moment. */
export interface Moment {
  readonly minute: number;
  readonly rssMiB: number;
  /** Of the thread that serves, live or not yet collected. */
  readonly heapMiB: number;
  readonly externalMiB: number;
  readonly lagSeconds: number;
}

/** The figures of one server over the time of a soak. */
export class Watched {
  private readonly moments: Moment[] = [];
  readonly faults: string[] = [];

  constructor(
    readonly name: string,
    private readonly metrics: string,
  ) {}

  /** Notes how it stands. */
  async look(minute: number): Promise<void> {
    try {
      const text = await (await fetch(this.metrics)).text();
      const mib = (name: string): number => (valuesOf(text, name)[0] ?? Number.NaN) / 1024 / 1024;
      const lagSeconds = Math.max(0, ...valuesOf(text, 'moot_feed_lag_seconds'));
      const [heapMiB, externalMiB] = [mib('nodejs_heap_size_used_bytes'), mib('nodejs_external_memory_bytes')];
      const rssMiB = mib('process_resident_memory_bytes');
      this.moments.push({ minute, rssMiB, heapMiB, externalMiB, lagSeconds });
      for (const name of ['moot_faults_total', 'moot_damaged_articles_total', 'moot_gaps_total'])
        if (valuesOf(text, name).some((value) => value > 0)) this.note(`${name} is over 0`);
    } catch (error) {
      this.note(`its figures cannot be read: ${String(error)}`);
    }
  }

  /** MiB a minute after minute `from`, by least squares. */
  slope(from: number): number {
    const late = this.moments.filter(({ minute }) => minute >= from);
    const mean = (of: (moment: Moment) => number): number => late.reduce((sum, one) => sum + of(one), 0) / late.length;
    const [at, rss] = [mean(({ minute }) => minute), mean(({ rssMiB }) => rssMiB)];
    const along = late.reduce((sum, { minute, rssMiB }) => sum + (minute - at) * (rssMiB - rss), 0);
    return along / late.reduce((sum, { minute }) => sum + (minute - at) ** 2, 0);
  }

  /** By how many seconds the feed is further behind in the last third than in the first, by the median of each. */
  lagGrowth(): number {
    const third = Math.floor(this.moments.length / 3);
    const lag = (part: readonly Moment[]): number =>
      part.map(({ lagSeconds }) => lagSeconds).sort((a, b) => a - b)[part.length >> 1] ?? 0;
    return lag(this.moments.slice(-third)) - lag(this.moments.slice(0, third));
  }

  get newest(): Moment | undefined {
    return this.moments.at(-1);
  }

  private note(fault: string): void {
    if (!this.faults.includes(fault)) this.faults.push(fault);
  }
}

function valuesOf(text: string, name: string): readonly number[] {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.map((line) => Number(line.slice(line.lastIndexOf(' '))));
}
