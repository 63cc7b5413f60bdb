import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One value of a gauge, under its labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Labels that name a community have so many values at most. */
export const mostLabelled = 100;

/** The figures of one program, as Prometheus reads them. */
export class Meters {
  private readonly registry = new Registry();
  private readonly failures: Counter;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.failures = this.counter('collect_failures', 'Figures that could not be had when they were asked for');
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** @param name without `moot_` and `_total`. */
  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name: `moot_${name}_total`, help, labelNames, registers: [this.registry] });
  }

  histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram({ name: `moot_${name}`, help, buckets: [...buckets], registers: [this.registry] });
  }

  /** What `read` says when somebody asks; where that fails the figure is missing, and that is counted. */
  gauge(name: string, help: string, read: () => number | undefined | Promise<number | undefined>): void {
    this.samples(name, help, [], async () => {
      const value = await read();
      return value === undefined ? [] : [{ value }];
    });
  }

  /** The same, with labels. */
  samples(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => readonly Sample[] | Promise<readonly Sample[]>,
  ): void {
    const { failures } = this;
    new Gauge({
      name: `moot_${name}`,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        let samples: readonly Sample[] = [];
        try {
          samples = await read();
        } catch {
          failures.inc();
        }
        this.reset();
        // Without labels a gauge that was reset stands at 0, which would be a lie about what is not known.
        if (labelNames.length === 0) this.remove();
        for (const { labels = {}, value } of samples) this.set({ ...labels }, value);
      },
    });
  }

  /** The same for what only grows, and is counted elsewhere. @param name as that of a counter. */
  counted(name: string, help: string, read: () => number): void {
    new Counter({
      name: `moot_${name}_total`,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}

/** How often each of `words` occurs in `list`, those that do not as well: a figure that is missing raises no alarm. */
export function tally<Word extends string>(label: string, words: readonly Word[], list: readonly Word[]): Sample[] {
  return words.map((word) => ({
    labels: { [label]: word },
    value: list.reduce((count, one) => (one === word ? count + 1 : count), 0),
  }));
}

/** The `mostLabelled` samples with the highest values. */
export function highest(samples: readonly Sample[]): readonly Sample[] {
  return [...samples].sort((a, b) => b.value - a.value).slice(0, mostLabelled);
}
