import type { Asker, AskFrame, AskRequest } from '../core/asking.js';
import { type Clock, systemClock } from '../core/clock.js';
import type { SealedArticle } from '../core/entry.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { longestMs } from '../federation/bounds.js';
import { ArticleChecker } from '../identity/check-article.js';
import { KeyRing } from '../identity/key-ring.js';
import type { Identity } from '../identity/keys.js';
import { requestIdHeader } from '../wire/call-metadata.js';
import { readAnswer } from '../wire/check.js';
import type { UncheckedArticle } from '../wire/convert-article.js';
import { fromWireAskFrame, toWireAskRequest } from '../wire/convert-ask.js';
import { requireCurrentKey } from '../wire/convert-row.js';
import { type AskResponse, FederationServiceService } from '../wire/gen/moot/v1/federation.js';
import type { DialRule } from './dialing.js';
import type { PeerConnection } from './peer-connection.js';
import { PeerConnections } from './peer-connections.js';

export interface GrpcAskerConfig {
  readonly identity: Identity;
  /** What this server calls itself; default: it does not say. */
  readonly name?: (() => string) | undefined;
  /** Where a peer is now, HOST:PORT; undefined: nobody knows. */
  addressOf(peer: OriginId): Promise<string | undefined>;
  /** Lets server tokens go over plaintext to other machines. */
  readonly insecure?: boolean | undefined;
  /** Default: the public internet, and this machine. */
  readonly dialRule?: DialRule | undefined;
  /** What is known of keys that were replaced; default: nothing. */
  readonly ring?: KeyRing | undefined;
  readonly clock?: Clock | undefined;
}

/** Asks peers over gRPC, over connections of their own. What it gives has been checked. */
export class GrpcAsker implements Asker {
  private readonly connections: PeerConnections;
  private readonly checker: ArticleChecker;
  private readonly clock: Clock;

  constructor({ ring = new KeyRing(), clock = systemClock, ...config }: GrpcAskerConfig) {
    this.connections = new PeerConnections({ ...config, ring, clock, purpose: 'peer' });
    this.checker = new ArticleChecker(ring);
    this.clock = clock;
  }

  async *ask(peer: OriginId, request: AskRequest, signal: AbortSignal): AsyncGenerator<AskFrame> {
    const untilMs = this.clock.monotonic() + request.budgetMs;
    const connection = await this.connections.to(peer);
    for await (const frame of connection.stream(() => this.open(connection, request, untilMs, signal), signal))
      yield this.check(frame, request.queryId);
  }

  /** Gets ready to ask `peer`. Never throws. */
  async greet(peer: OriginId): Promise<void> {
    await this.connections.to(peer).then(
      (connection) => connection.greet(),
      () => undefined,
    );
  }

  /** Asks `peer` over a new connection from now on, dialled when it is needed. */
  renew(peer: OriginId): void {
    this.connections.renew(peer);
  }

  /** Lets go of the connection to `peer`, and ends what is under way on it. */
  forget(peer: OriginId): void {
    this.connections.forget(peer);
  }

  /** Ends all that is under way. */
  close(): void {
    this.connections.close();
  }

  private async open(
    connection: PeerConnection,
    request: AskRequest,
    untilMs: number,
    signal: AbortSignal,
  ): Promise<AsyncIterableIterator<AskResponse>> {
    const { ask } = FederationServiceService;
    const token = await this.connections.token(connection, ask.path, signal);
    const budgetMs = untilMs - this.clock.monotonic();
    if (budgetMs <= 0) throw new MootError('timed_out', 'the time was up before the peer was asked');
    const { requestId, hop } = request;
    const headers = requestId === '' ? {} : { [requestIdHeader]: requestId };
    const options = { signal, token, headers, deadlineMs: longestMs({ budgetMs, hop }) };
    return connection.channel.serverStreamInTurn(ask, toWireAskRequest({ ...request, budgetMs }), options);
  }

  private check(frame: AskResponse, queryId: string): AskFrame {
    const read = readAnswer(() => fromWireAskFrame(frame, queryId));
    if (read.kind === 'row') requireCurrentKey(read.row, this.checker.ring);
    if (read.kind !== 'articles') return read;
    return { kind: 'articles', articles: read.articles.map((article) => this.checkArticle(article)) };
  }

  private checkArticle({ bytes, proof, storedAtMs }: UncheckedArticle): SealedArticle {
    const article = this.checker.check(bytes, proof, storedAtMs);
    if (article.entry.kind !== 'article') throw new MootError('damaged', 'an entry that is no article came as one');
    return article;
  }
}
