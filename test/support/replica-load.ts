import type { Community, Moot, Subscription } from '../../src/client/index.js';
import type { Replicated } from './replicated.js';

type From = 'own' | 'peer';

interface Reader {
  readonly name: string;
  readonly subscription: Subscription;
  readonly seen: Map<string, number>;
  readonly places: Map<string, number>;
  readonly lastMs: Record<From, number>;
}

interface Window {
  readonly kind: string;
  readonly longest: Record<From, number>;
}

export interface Verdict {
  readonly acked: number;
  /** What was lost, doubled, or came out of order. */
  readonly faults: readonly string[];
  readonly lines: readonly string[];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Publishers and subscribers of a community of replicas, and a record of what each was promised and was given. */
export class ReplicaLoad {
  private readonly acked = new Map<string, string>();
  private readonly readers: Reader[] = [];
  private readonly windows: Window[] = [];
  private readonly faults: string[] = [];
  private readonly working: Promise<void>[] = [];
  private window: Window | undefined;
  private isStopped = false;
  private loopLateMs = 0;
  private reconnects = 0;
  private frozen = 0;

  private constructor(private readonly assembly: Replicated) {}

  static async start(
    assembly: Replicated,
    { publishers, subscribers, everyMs }: { publishers: number; subscribers: number; everyMs: number },
  ): Promise<ReplicaLoad> {
    const load = new ReplicaLoad(assembly);
    const people = await Promise.all(
      Array.from({ length: 5 }, async (_, at) => {
        const moot = await assembly.stranger();
        for (const server of ['Assembly', 'Upstream', 'Downstream']) await moot.join(server, { as: `person${at}` });
        return moot;
      }),
    );
    const person = (at: number): Moot => people[at % people.length] as Moot;
    for (let at = 0; at < subscribers; at += 1) {
      // Most read at the replicas, some at a community that follows them.
      const server = at % 5 === 4 ? 'Downstream' : 'Assembly';
      await load.read(`${server} ${at}`, await person(at).community(server));
    }
    for (let at = 0; at < publishers; at += 1) {
      const server = at % 4 === 3 ? 'Upstream' : 'Assembly';
      load.working.push(load.write(await person(at).community(server), at, everyMs));
    }
    load.watchLoop();
    return load;
  }

  /** By how much this process was late, and what readers waited while all was well, at worst: what the machine owes, not the replicas. */
  get slackMs(): number {
    return this.loopLateMs + Math.max(this.longestMs('calm', 'own'), this.longestMs('calm', 'peer'));
  }

  /** The longest that any subscriber waited for the next article in the windows of `kind`. */
  longestMs(kind: string, from: From): number {
    return Math.max(0, ...this.windows.filter((one) => one.kind === kind).map(({ longest }) => longest[from]));
  }

  /** What follows is told as `kind`, until `end`. */
  begin(kind: string): void {
    const now = performance.now();
    for (const { lastMs } of this.readers) Object.assign(lastMs, { own: now, peer: now });
    this.window = { kind, longest: { own: 0, peer: 0 } };
    this.windows.push(this.window);
  }

  end(): void {
    for (const reader of this.readers) {
      this.waited(reader, 'peer');
      if (reader.name.startsWith('Assembly')) this.waited(reader, 'own');
    }
    this.window = undefined;
  }

  /** Publishes at one replica, one after the other. @returns how long the slowest took. */
  async publishAt(at: number, count: number): Promise<number> {
    const moot = await this.assembly.stranger();
    await moot.join(this.assembly.addressOf(at), { as: `at${at}` });
    const there = await moot.community(this.assembly.addressOf(at));
    let longestMs = 0;
    for (let number = 0; number < count; number += 1) {
      const began = performance.now();
      this.frozen += 1;
      const body = `frozen ${this.frozen}`;
      const { id } = await there.publish({ topic: 'load', author: 'load', body }, { timeoutMs: 20_000 });
      longestMs = Math.max(longestMs, performance.now() - began);
      this.acked.set(id, body);
    }
    await there.leave();
    return longestMs;
  }

  stop(): void {
    this.isStopped = true;
    for (const { subscription } of this.readers) subscription.close();
  }

  /** Ends publishing, lets everything arrive, and compares. */
  async verdict(): Promise<Verdict> {
    this.isStopped = true;
    await Promise.all(this.working);
    const untilMs = performance.now() + 30_000;
    const missing = (): number => this.readers.reduce((sum, { seen }) => sum + this.unseen(seen).length, 0);
    while (missing() > 0 && performance.now() < untilMs) await pause(100);
    for (const { name, seen } of this.readers) {
      const lost = this.unseen(seen);
      if (lost.length > 0) this.faults.push(`${name} has not seen ${lost.length}, as ${this.acked.get(lost[0] ?? '')}`);
      for (const [id, times] of seen) if (times > 1) this.faults.push(`${name} has seen ${id} ${times} times`);
    }
    await this.compareStored();
    const kinds = [...new Set(this.windows.map(({ kind }) => kind))];
    const lines = [
      `${this.acked.size} articles acknowledged, ${this.reconnects} times a subscription was made anew`,
      ...kinds.map((kind) => {
        const times = this.windows.filter((one) => one.kind === kind).length;
        const [own, peer] = [this.longestMs(kind, 'own'), this.longestMs(kind, 'peer')].map(Math.round);
        return `${kind}, ${times} times: the longest wait for an own article ${own} ms, for a peer's ${peer} ms`;
      }),
      `this process itself was ${Math.round(this.loopLateMs)} ms late at worst`,
    ];
    return { acked: this.acked.size, faults: this.faults, lines };
  }

  private unseen(seen: ReadonlyMap<string, number>): readonly string[] {
    return [...this.acked.keys()].filter((id) => !seen.has(id));
  }

  private async compareStored(): Promise<void> {
    const moot = await this.assembly.stranger();
    await moot.join('Assembly', { as: 'checker' });
    const stored = new Map<string, string>();
    const bodies = new Map<string, number>();
    for await (const { id, body } of (await moot.community('Assembly')).queryAll({ topics: ['load'] })) {
      stored.set(id, body);
      bodies.set(body, (bodies.get(body) ?? 0) + 1);
    }
    for (const [id, body] of this.acked) if (stored.get(id) !== body) this.faults.push(`${body} is not stored`);
    for (const [body, times] of bodies) if (times > 1) this.faults.push(`${body} is stored ${times} times`);
  }

  private async write(community: Community, number: number, everyMs: number): Promise<void> {
    for (let at = 0; !this.isStopped; at += 1) {
      const body = `${community.name} ${number} ${at}`;
      // The same key until it is acknowledged, as who means one article does.
      for (;;) {
        try {
          const options = { key: body, timeoutMs: 10_000 };
          const { id } = await community.publish({ topic: 'load', author: 'load', body }, options);
          this.acked.set(id, body);
          break;
        } catch (error) {
          const { code } = error as { code?: string };
          if (!['unavailable', 'timed_out', 'cancelled'].includes(code ?? '')) {
            this.faults.push(`${body} was refused: ${String(error)}`);
            return;
          }
          await pause(100);
        }
      }
      await pause(everyMs);
    }
  }

  private async read(name: string, community: Community): Promise<void> {
    const subscription = community.subscribe({ topics: ['load'], from: 'beginning' });
    const now = performance.now();
    const reader = { name, subscription, seen: new Map(), places: new Map(), lastMs: { own: now, peer: now } };
    this.readers.push(reader);
    const isThere = new Promise<void>((resolve) => {
      void this.follow(reader, community.id, resolve);
    });
    await isThere;
  }

  private async follow(reader: Reader, home: string, caughtUp: () => void): Promise<void> {
    const { name, subscription, seen, places } = reader;
    try {
      for await (const event of subscription) {
        if (event.type === 'caughtUp') caughtUp();
        if (event.type === 'reconnecting') this.reconnects += 1;
        if (event.type === 'gap') this.faults.push(`${name} has a gap: ${JSON.stringify(event)}`);
        if (event.type !== 'article') continue;
        const { id, origin, seq, body } = event.article;
        seen.set(id, (seen.get(id) ?? 0) + 1);
        if (Number(seq) <= (places.get(origin) ?? 0)) this.faults.push(`${name} was given ${seq} of ${origin} again`);
        places.set(origin, Number(seq));
        this.waited(reader, body.startsWith('Upstream') || origin !== home ? 'peer' : 'own');
      }
    } catch (error) {
      this.faults.push(`${name} ended: ${String(error)}`);
    }
  }

  private waited(reader: Reader, from: From): void {
    const now = performance.now();
    if (this.window) {
      const { longest } = this.window;
      longest[from] = Math.max(longest[from], now - reader.lastMs[from]);
    }
    reader.lastMs[from] = now;
  }

  private watchLoop(): void {
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      this.loopLateMs = Math.max(this.loopLateMs, now - last - 20);
      last = now;
      if (this.isStopped) clearInterval(timer);
    }, 20);
  }
}
