import type { Community } from '../../src/client/index.js';

/** A subscriber that is cut at random, and goes on with its cursor at whichever server it likes. */
export class CutReader {
  /** By origin: the sequence numbers and ids it was told, in order. */
  readonly told = new Map<string, { readonly seq: number; readonly id: string }[]>();
  readonly gaps: string[] = [];
  cuts = 0;
  private cursor: string | undefined;
  private isOver = false;
  private current: { close(): void } | undefined;
  private count = 0;
  private waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  private readonly running: Promise<void>;

  constructor(
    private readonly servers: readonly Community[],
    private readonly random: () => number,
    private readonly meanArticles: number,
  ) {
    this.running = this.run();
  }

  /** Resolves when it has been told `count` articles in all; rejects when it breaks. */
  async has(count: number): Promise<void> {
    const counted = new Promise<void>((resolve) => {
      this.waiting = { count, resolve };
      this.look();
    });
    await Promise.race([counted, this.running]);
  }

  async end(): Promise<void> {
    this.isOver = true;
    this.current?.close();
    await this.running;
  }

  private look(): void {
    if (this.waiting && this.count >= this.waiting.count) this.waiting.resolve();
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      const server = this.servers[Math.floor(this.random() * this.servers.length)];
      if (!server) throw new Error('no server to read from');
      const from = this.cursor === undefined ? 'beginning' : { cursor: this.cursor };
      const subscription = server.subscribe({ from });
      this.current = subscription;
      let left = 1 + Math.floor(this.random() * 2 * this.meanArticles);
      for await (const event of subscription) {
        if (event.type === 'gap') this.gaps.push(`${event.origin} ${event.from}-${event.to}: ${event.reason}`);
        // A server that is away for long is left for another one.
        if (event.type === 'reconnecting') left = 0;
        if (event.type === 'article') {
          const { origin, seq, id } = event.article;
          const log = this.told.get(origin) ?? [];
          log.push({ seq, id });
          this.told.set(origin, log);
          this.count += 1;
          left -= 1;
          this.look();
        }
        this.cursor = subscription.cursor;
        if (left <= 0 || this.isOver) break;
      }
      this.cuts += 1;
    }
  }
}
