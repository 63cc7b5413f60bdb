import pLimit from 'p-limit';
import type { LinkLoad, ServerInfo } from '../client/index.js';
import { type Clock, sleep } from '../core/clock.js';
import { isMootError, MootError } from '../core/errors.js';
import { Listeners } from '../core/listeners.js';
import type { Listed } from './listed.js';
import type { People } from './people.js';

/** What one server said when it was last asked. */
export interface Beat {
  /** Why it did not answer. */
  readonly silence: string | undefined;
  readonly articles: number;
  readonly members: number;
  /** Undefined where only its members are told. */
  readonly links: readonly LinkLoad[] | undefined;
  readonly subscribers: number | undefined;
  /** Articles a second that it has published since it was asked before. */
  readonly rate: number | undefined;
  readonly atMs: number;
}

/** A death is to be seen within 5 s: a round, the pause before it, and two calls that time out come to less. */
const pauseMs = 1000;
const timeoutMs = 1500;
const atOnce = 32;
/** Asked for so long after somebody looked. */
const interestMs = 15_000;
/** What is older was no look at the network of now. */
const freshMs = 5000;

/** Asks the listed servers themselves whether they live, as long as somebody looks: a lease says so 15 s later. */
export class Pulse {
  private readonly beats = new Map<string, Beat>();
  private readonly rounds = new Listeners<void>();
  private readonly ending = new AbortController();
  private readonly turns = pLimit(atOnce);
  private lookedMs = Number.NEGATIVE_INFINITY;
  private roundMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | undefined;
  private isRunning = false;

  constructor(
    private readonly listed: Listed,
    private readonly people: People,
    private readonly clock: Clock,
  ) {}

  of(id: string): Beat | undefined {
    return this.beats.get(id);
  }

  /** What it links to: by its own word where it was heard, by the registries' until then. */
  linksOf({ id, peers }: ServerInfo): readonly string[] {
    return this.of(id)?.links?.map((link) => link.id) ?? peers;
  }

  /** When the last round ended. */
  get asOfMs(): number {
    return this.roundMs;
  }

  /** Resolves when what is known is no older than a few seconds. */
  async fresh(): Promise<void> {
    this.look();
    if (this.clock.monotonic() - this.roundMs > freshMs) await this.round();
  }

  /** `listener` is called after each round, for as long as it is there. */
  onRound(listener: () => void): () => void {
    const leave = this.rounds.add(listener);
    this.look();
    return leave;
  }

  close(): void {
    this.ending.abort();
  }

  private look(): void {
    this.lookedMs = this.clock.monotonic();
    if (this.isRunning || this.ending.signal.aborted) return;
    this.isRunning = true;
    void this.run();
  }

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted && this.isLookedAt()) {
      await this.round();
      await sleep(this.clock, pauseMs, this.ending.signal);
    }
    this.isRunning = false;
  }

  private isLookedAt(): boolean {
    return this.rounds.size > 0 || this.clock.monotonic() - this.lookedMs < interestMs;
  }

  /** One round at a time: who wants one while another runs waits for that. */
  private round(): Promise<void> {
    this.asking ??= this.askAll().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async askAll(): Promise<void> {
    const servers = [...this.listed.all(), ...this.named(this.listed.gone())];
    const ids = new Set(servers.map(({ id }) => id));
    for (const id of this.beats.keys()) if (!ids.has(id)) this.beats.delete(id);
    await Promise.all(
      servers.map((server) => this.turns(async () => this.beats.set(server.id, await this.ask(server)))),
    );
    this.roundMs = this.clock.monotonic();
    this.rounds.tell();
  }

  /** Those of them to which somebody still links. */
  private named(servers: readonly ServerInfo[]): readonly ServerInfo[] {
    const wanted = new Set(this.listed.all().flatMap((server) => this.linksOf(server)));
    return servers.filter(({ id }) => wanted.has(id));
  }

  private async ask(server: ServerInfo): Promise<Beat> {
    const before = this.beats.get(server.id);
    const options = { timeoutMs, signal: this.ending.signal };
    try {
      const community = await this.people.at(server, undefined);
      const { id, name, articles, members } = await community.describe(options);
      if (id !== server.id) throw new MootError('not_found', `${name} is at its address now`);
      const load = server.readable === 'public' ? await community.load(options) : undefined;
      const said = { articles, links: load?.links, subscribers: load?.subscribers, members };
      const atMs = this.clock.monotonic();
      return { ...said, silence: undefined, rate: rateOf(before, articles, atMs), atMs };
    } catch (error) {
      const { articles, members } = before ?? server;
      const silence = isMootError(error) ? error.message : 'it could not be asked';
      return {
        silence,
        articles,
        members,
        links: undefined,
        subscribers: undefined,
        rate: undefined,
        atMs: this.clock.monotonic(),
      };
    }
  }
}

function rateOf(before: Beat | undefined, articles: number, atMs: number): number | undefined {
  if (!before || before.silence !== undefined || atMs <= before.atMs) return undefined;
  return Math.max(0, articles - before.articles) / ((atMs - before.atMs) / 1000);
}
