import { signal } from '@preact/signals';
import type {
  ArticleInfo,
  ArticleView,
  LiveArticle,
  LiveLost,
  LiveRetraction,
  Page,
  Problem,
  Proof,
  Trace,
} from '../../api.js';
import { ask, problemOf } from '../../reading/ask.js';
import type { StreamEvent } from '../../reading/event-parser.js';
import { noFilters } from '../../reading/filters.js';
import { followStream, lostState, type StreamState } from '../../reading/follow-stream.js';
import { checkSeal, type SealCheck } from '../../reading/seal-check.js';
import { withReply } from '../../reading/thread.js';
import { announce } from '../state/announce.js';
import { type Source, sourceOf } from '../state/source.js';
import { pause } from '../state/waiting.js';

/** How many articles of a thread are asked what answers them, beyond the first. */
const mostAsked = 60;

/** One article with its thread, followed live while it is read. */
export class ThreadState {
  readonly view = signal<ArticleView | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly seal = signal<SealCheck | null>(null);
  readonly trace = signal<Trace | Problem | null>(null);
  readonly retracted = signal<ReadonlyMap<string, string>>(new Map());
  readonly stream = signal<StreamState>({ kind: 'connecting' });
  private readonly source: Source;
  private readonly ending = new AbortController();
  private isFollowed = false;
  /** What has come over the stream. */
  private readonly arrived: ArticleInfo[] = [];

  constructor(
    community: string,
    private readonly id: string,
  ) {
    this.source = sourceOf(community, noFilters);
  }

  stop(): void {
    this.ending.abort();
  }

  async load(): Promise<void> {
    this.problem.value = null;
    try {
      const view = await this.ask<ArticleView>('');
      this.view.value ??= view;
      void this.check(view.article);
      this.follow(view.article.topic);
      const deeper = await this.deeper(view.replies);
      const told: readonly ArticleInfo[] = [...view.replies, ...deeper];
      const replies = this.arrived.reduce((all, reply) => withReply(this.id, all, reply), told);
      this.view.value = { ...view, replies };
    } catch (error) {
      if (!this.ending.signal.aborted) this.problem.value = problemOf(error);
    }
  }

  async loadTrace(): Promise<void> {
    this.trace.value = null;
    this.trace.value = await this.ask<Trace>('/trace').catch(problemOf);
  }

  private async check(article: ArticleInfo): Promise<void> {
    if (this.seal.value?.state === 'sealed') return;
    try {
      this.seal.value = await checkSeal(article, await this.ask<Proof>('/proof'));
    } catch (error) {
      const says = `The seal was not checked: its proof cannot be had. ${problemOf(error).message}`;
      this.seal.value = { state: 'unchecked', says };
    }
  }

  /** What answers the replies, level by level: a gateway tells of each article only what answers it itself. */
  private async deeper(replies: readonly ArticleInfo[]): Promise<readonly ArticleInfo[]> {
    const waiting = [...replies];
    const found: ArticleInfo[] = [];
    for (let asked = 0; asked < mostAsked; asked += 1) {
      const next = waiting.shift();
      if (!next) break;
      const query = new URLSearchParams({ replyTo: next.id, limit: '100' });
      const { path, token } = this.source;
      const question = { token, signal: this.ending.signal };
      const { articles } = await ask<Page>(`${path}/articles?${query}`, question);
      found.push(...articles);
      waiting.push(...articles);
    }
    return found;
  }

  private ask<Answer>(part: string): Promise<Answer> {
    const { path, token } = this.source;
    const address = `${path}/articles/${encodeURIComponent(this.id)}${part}`;
    return ask<Answer>(address, { token, signal: this.ending.signal });
  }

  private follow(topic: string): void {
    if (this.isFollowed) return;
    this.isFollowed = true;
    const followed = {
      address: `${this.source.path}/live?${new URLSearchParams({ topic })}`,
      token: this.source.token,
      onEvent: (event: StreamEvent) => this.take(event),
      onState: (state: StreamState) => {
        this.stream.value = state;
      },
      pause,
    };
    void followStream(followed, this.ending.signal);
  }

  private take({ type, data }: StreamEvent): void {
    if (type === 'article') this.add((JSON.parse(data) as LiveArticle).article);
    else if (type === 'lost') this.stream.value = lostState(JSON.parse(data) as LiveLost);
    else if (type === 'caughtUp' || type === 'gap') {
      this.stream.value = { kind: 'live' };
      void this.load();
    } else if (type === 'retracted') {
      const { retracts, reason } = JSON.parse(data) as LiveRetraction;
      this.retracted.value = new Map(this.retracted.value).set(retracts, reason);
    }
  }

  private add(reply: ArticleInfo): void {
    this.arrived.push(reply);
    const view = this.view.value;
    const replies = view && withReply(this.id, view.replies, reply);
    if (!view || !replies || replies === view.replies) return;
    this.view.value = { ...view, replies };
    announce(`A reply by ${reply.author} has arrived.`);
  }
}
