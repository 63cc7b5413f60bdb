import type { AskFrame, AskRequest, MirrorView, SearchSelf } from '../../src/core/asking.js';
import type { Clock } from '../../src/core/clock.js';
import { sleep } from '../../src/core/clock.js';
import { noHash, type SealedArticle } from '../../src/core/entry.js';
import { MootError } from '../../src/core/errors.js';
import { matches } from '../../src/core/filter.js';
import { toId } from '../../src/core/ids.js';
import type { LogPlace } from '../../src/core/log.js';
import { comparePositions } from '../../src/core/position.js';
import type { Row } from '../../src/core/row.js';
import type { ArticleKey, Found } from '../../src/core/stores.js';
import { sha256 } from '../../src/identity/hash.js';
import { statementBytes } from './message-bytes.js';

/** What happens to a server, and when, in virtual milliseconds from the start. */
export interface Faults {
  /** From then on it sends and receives nothing, for ever; nobody is told. */
  freezesAtMs?: number;
  /** From then on its connections are broken and refused. */
  diesAtMs?: number;
  /** Its store takes so long for each call. */
  slowMs?: number;
  storeFails?: boolean;
  /** Refuses whoever asks. */
  denies?: boolean;
  isFull?: boolean;
  /** Changes what it sends, or leaves it out. */
  lies?: (frame: AskFrame) => AskFrame | undefined;
  /** Answers in the place of the code of a server. */
  answers?: (call: LyingCall) => AsyncIterable<AskFrame>;
}

/** What a server that lies has at hand when it is asked. */
export interface LyingCall {
  readonly server: SimulatedServer;
  readonly request: AskRequest;
  readonly signal: AbortSignal;
  /** What an honest server would answer that asks its peers in `request`'s words. */
  honestly(asks?: (request: AskRequest) => AskRequest): AsyncIterable<AskFrame>;
  ask(peer: string, request: AskRequest): AsyncIterable<AskFrame>;
}

/** One community of a simulated network: a name, articles and links, and what goes wrong with it. */
export class SimulatedServer implements SearchSelf {
  readonly id: string;
  readonly faults: Faults = {};
  readonly articles: SealedArticle[] = [];
  private readonly peers: string[] = [];
  private readonly copies = new Map<string, { readonly view: MirrorView; readonly articles: SealedArticle[] }>();
  /** How long others have said that their logs are. */
  readonly heads = new Map<string, LogPlace>();
  /** Each load, with the bytes it asked for. */
  readonly loads: number[] = [];

  constructor(
    readonly name: string,
    private readonly clock: Clock,
    readonly peerName: (peer: string) => string,
  ) {
    this.id = idOf(name);
  }

  /** Adds articles of these dates, `bytes` long each. */
  publish(datesMs: readonly number[], bytes = 100, topic = 'test'): this {
    for (const publishedAtMs of datesMs)
      this.articles.push(fabricate(this.id, this.articles.length + 1, publishedAtMs, bytes, topic));
    this.articles.sort((a, b) => comparePositions(position(a), position(b)));
    return this;
  }

  link(peer: string): void {
    if (!this.peers.includes(peer)) this.peers.push(peer);
  }

  links(): readonly string[] {
    return this.peers;
  }

  /** Keeps a copy of what `other` has now. */
  mirror(other: SimulatedServer, ageMs: number, told: Partial<MirrorView> = {}): void {
    const view = { origin: other.id, name: other.name, ageMs, ...told };
    this.copies.set(other.id, { view, articles: [...other.articles] });
  }

  end(): LogPlace {
    return { epoch: 1, seq: this.articles.length };
  }

  shown(origin: string): LogPlace | undefined {
    return this.heads.get(origin);
  }

  async mirrors(): Promise<readonly MirrorView[]> {
    return [...this.copies.values()].map(({ view }) => view);
  }

  async find({ filter, before, limit, origin = this.id }: Parameters<SearchSelf['find']>[0]): Promise<Found> {
    await this.wait();
    if (this.faults.storeFails) throw new MootError('unavailable', 'the disk refuses');
    const found = (this.copies.get(origin)?.articles ?? this.articles)
      .map((article, place) => ({ ...position(article), place, bytes: article.bytes.length, article }))
      .filter((key) => matches(filter, key.article) && (!before || comparePositions(before, key) < 0));
    return { keys: found.slice(0, limit), more: found.length > limit, held: 0 };
  }

  async load(keys: readonly ArticleKey[]): Promise<readonly SealedArticle[]> {
    await this.wait();
    this.loads.push(keys.reduce((sum, { bytes }) => sum + bytes, 0));
    const logs = [this.articles, ...[...this.copies.values()].map(({ articles }) => articles)];
    return keys.flatMap(({ place, id }) => logs.flatMap((log) => (log[place]?.id === id ? log[place] : [])));
  }

  digest(ids: readonly string[]): Uint8Array {
    return sha256(Buffer.from(ids.join('')));
  }

  /** Of the right length, and nothing else: nobody here checks signatures. */
  sign(queryId: string, row: Row): Row {
    const statement = new Uint8Array(statementBytes(queryId, row));
    return { ...row, signed: { statement, publicKey: noHash, signature: noHash } };
  }

  private async wait(): Promise<void> {
    if (this.faults.slowMs) await sleep(this.clock, this.faults.slowMs);
  }
}

/** The id of the server of this name. */
export function idOf(name: string): string {
  return toId(sha256(Buffer.from(`server ${name}`)));
}

function position(article: SealedArticle): { publishedAtMs: number; id: string } {
  return { publishedAtMs: article.entry.publishedAtMs, id: article.id };
}

/** An article with a seal that nobody checks: the port that checks seals is not part of the simulation. */
export function fabricate(
  origin: string,
  seq: number,
  publishedAtMs: number,
  bytes: number,
  topic: string,
): SealedArticle {
  const id = toId(sha256(Buffer.from(`${origin} ${seq} ${publishedAtMs}`)));
  const author = { author: 'a', memberId: 'm', memberName: 'a', title: undefined, body: 'text' };
  const rest = { replyTo: '', retracts: '', mediaType: '', nextPublicKey: noHash, retractsSeq: 0, retractsEpoch: 0 };
  const seal = { origin, epoch: 1, firstSeq: seq, size: 1, root: noHash, previous: noHash };
  return {
    id,
    entry: { origin, epoch: 1, seq, kind: 'article', topic, publishedAtMs, ...author, ...rest },
    bytes: new Uint8Array(bytes),
    proof: { seal: { ...seal, publicKey: noHash, signature: noHash }, index: 0, path: [] },
    storedAtMs: publishedAtMs,
  };
}
