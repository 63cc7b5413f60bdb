import { type Community, connect, type Moot } from '../../src/client/index.js';
import { isMootError } from '../../src/core/errors.js';

export interface TrafficFlags {
  readonly registry: string;
  /** Of the communities. */
  readonly names: readonly string[];
  /** The address of the gateway. */
  readonly web: string;
  /** Articles a second, all communities together. */
  readonly rate: number;
  /** Articles that each community has before anybody follows. */
  readonly history: number;
}

/** What people do in the network, until `stop`: they publish, follow, ask, and look at the page. */
export class Traffic {
  readonly faults = new Map<string, number>();
  published = 0;
  received = 0;
  queries = 0;
  private isPublishing = true;
  private pace = 1;
  private readonly over = new AbortController();
  private readonly working: Promise<void>[] = [];
  private readonly acked = new Set<string>();
  private readonly seen: Set<string>[] = [];

  private constructor(private readonly moot: Moot) {}

  static async start({ registry, names, web, rate, history }: TrafficFlags): Promise<Traffic> {
    const moot = await connect({ registry });
    const communities: Community[] = [];
    for (const name of names) communities.push(await moot.join(name, { as: 'soaker' }));
    const traffic = new Traffic(moot);
    for (const community of communities) await traffic.fill(community, history);
    for (const [at, community] of communities.entries()) {
      for (const scope of ['network', 'network', 'local'] as const) traffic.follow(community, scope);
      traffic.each((1000 * names.length) / rate, () => traffic.publish(community));
      traffic.each(500 + at * 50, () => traffic.ask(community));
    }
    traffic.each(1000, async () => {
      const [first] = communities;
      const answer = await fetch(`${web}/api/communities/${first?.id}/articles?limit=10`);
      await answer.text();
      if (!answer.ok) throw new Error(`the gateway answered ${answer.status}`);
    });
    return traffic;
  }

  /** All that people do goes on `times` as fast, for so long. */
  async hurry(times: number, minutes: number): Promise<void> {
    this.pace = times;
    await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
    this.pace = 1;
  }

  /** Ends what goes on, once all that was acknowledged has had `graceMs` to arrive. @returns how much has not. */
  async stop(graceMs: number): Promise<number> {
    this.isPublishing = false;
    const untilMs = performance.now() + graceMs;
    while (this.missing() > 0 && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 200));
    const missing = this.missing();
    this.over.abort();
    await Promise.all(this.working);
    await this.moot.close();
    return missing;
  }

  private missing(): number {
    return this.seen.reduce((sum, seen) => sum + [...this.acked].filter((id) => !seen.has(id)).length, 0);
  }

  private async fill(community: Community, count: number): Promise<void> {
    const items = Array.from({ length: count }, (_, at) => ({
      draft: { topic: 'soak.history', body: `${at} ${'word '.repeat(150)}` },
      key: `history ${at}`,
    }));
    for await (const { published, refused } of community.publishAll(items)) {
      if (refused) throw refused;
      this.acked.add(published.id);
      this.published += 1;
    }
  }

  private async publish(community: Community): Promise<void> {
    if (!this.isPublishing) return;
    const { id } = await community.publish({ topic: 'soak.all', body: `${this.published} ${'text '.repeat(100)}` });
    this.acked.add(id);
    this.published += 1;
  }

  private async ask(community: Community): Promise<void> {
    const answer = community.query({ topics: ['soak'], limit: 20, timeoutMs: 5000 });
    for await (const _ of answer);
    const { complete } = await answer.report;
    this.queries += 1;
    if (!complete) this.note('an answer was not complete');
  }

  /** Those who follow the network must see all that is published anywhere. */
  private follow(community: Community, scope: 'network' | 'local'): void {
    const seen = new Set<string>();
    if (scope === 'network') this.seen.push(seen);
    const run = async (): Promise<void> => {
      for await (const event of community.subscribe({ from: 'beginning', scope, signal: this.over.signal })) {
        if (event.type === 'gap') this.note('a gap in a feed');
        if (event.type !== 'article') continue;
        if (seen.has(event.article.id)) this.note('an article came twice');
        seen.add(event.article.id);
        this.received += 1;
      }
    };
    this.working.push(run().catch((error: unknown) => this.failed(error)));
  }

  private each(ms: number, work: () => Promise<void>): void {
    const run = async (): Promise<void> => {
      for (let dueMs = performance.now(); !this.over.signal.aborted; dueMs += ms / this.pace) {
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
        if (!this.over.signal.aborted) await work().catch((error: unknown) => this.failed(error));
      }
    };
    this.working.push(run());
  }

  private failed(error: unknown): void {
    if (this.over.signal.aborted) return;
    this.note(isMootError(error) ? `${error.code}: ${error.message}` : String(error));
  }

  private note(fault: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }
}
