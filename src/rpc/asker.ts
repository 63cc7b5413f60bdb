import type { Asker, AskFrame, AskRequest } from '../core/asking.js';
import { type Clock, systemClock } from '../core/clock.js';
import type { SealedArticle } from '../core/entry.js';
import { isMootError, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { longestMs } from '../federation/bounds.js';
import { ArticleChecker } from '../identity/check-article.js';
import type { Identity } from '../identity/keys.js';
import { readAnswer } from '../wire/check.js';
import type { UncheckedArticle } from '../wire/convert-article.js';
import { fromWireAskFrame, toWireAskRequest } from '../wire/convert-ask.js';
import { type AskResponse, FederationServiceService } from '../wire/gen/moot/v1/federation.js';
import { PeerConnection } from './peer-connection.js';
import { ServerTokens } from './server-token.js';

export interface GrpcAskerConfig {
  readonly identity: Identity;
  /** Where a peer is now, HOST:PORT; undefined: nobody knows. */
  addressOf(peer: OriginId): Promise<string | undefined>;
  /** Lets server tokens go over plaintext to other machines. */
  readonly insecure?: boolean | undefined;
  /** Shared, so that a seal is verified once. */
  readonly checker?: ArticleChecker | undefined;
  readonly clock?: Clock | undefined;
}

/** Asks peers over gRPC, over connections of their own. What it gives has been checked. */
export class GrpcAsker implements Asker {
  private readonly connections = new Map<OriginId, PeerConnection>();
  private readonly checker: ArticleChecker;
  private readonly tokens: ServerTokens;
  private readonly clock: Clock;
  private closed = false;

  constructor(private readonly config: GrpcAskerConfig) {
    this.checker = config.checker ?? new ArticleChecker();
    this.tokens = new ServerTokens(config.identity);
    this.clock = config.clock ?? systemClock;
  }

  async *ask(peer: OriginId, request: AskRequest, signal: AbortSignal): AsyncGenerator<AskFrame> {
    const untilMs = this.clock.monotonic() + request.budgetMs;
    try {
      const connection = await this.connectionTo(peer);
      for await (const frame of connection.stream(() => this.open(connection, request, untilMs, signal), signal))
        yield this.check(frame, request.queryId);
    } catch (error) {
      // To the search, a peer that does not believe who we are is one that refuses.
      if (isMootError(error) && error.code === 'unauthenticated')
        throw new MootError('denied', error.message, { cause: error });
      throw error;
    }
  }

  /** Lets go of the connection to `peer`, and ends what is under way on it. */
  forget(peer: OriginId): void {
    this.connections.get(peer)?.close();
    this.connections.delete(peer);
  }

  /** Ends all that is under way. */
  close(): void {
    this.closed = true;
    for (const connection of this.connections.values()) connection.close();
    this.connections.clear();
  }

  private async open(
    connection: PeerConnection,
    request: AskRequest,
    untilMs: number,
    signal: AbortSignal,
  ): Promise<AsyncIterableIterator<AskResponse>> {
    const { ask } = FederationServiceService;
    const token = await connection.token(ask.path, this.tokens, signal);
    const budgetMs = untilMs - this.clock.monotonic();
    if (budgetMs <= 0) throw new MootError('timed_out', 'the time was up before the peer was asked');
    const options = { signal, token, deadlineMs: longestMs({ budgetMs, hop: request.hop }) };
    return connection.channel.serverStream(ask, toWireAskRequest({ ...request, budgetMs }), options);
  }

  private async connectionTo(peer: OriginId): Promise<PeerConnection> {
    const address = await this.config.addressOf(peer);
    if (this.closed) throw new MootError('unavailable', 'this server is stopping');
    if (address === undefined) throw new MootError('unavailable', 'no address of that community is known');
    const connected = this.connections.get(peer);
    if (connected?.address === address) return connected;
    connected?.close();
    const { identity, insecure } = this.config;
    const connection = new PeerConnection(identity, peer, address, insecure === true, this.clock);
    this.connections.set(peer, connection);
    return connection;
  }

  private check(frame: AskResponse, queryId: string): AskFrame {
    const read = readAnswer(() => fromWireAskFrame(frame, queryId));
    if (read.kind !== 'articles') return read;
    return { kind: 'articles', articles: read.articles.map((article) => this.checkArticle(article)) };
  }

  private checkArticle({ bytes, proof, storedAtMs }: UncheckedArticle): SealedArticle {
    const article = this.checker.check(bytes, proof, storedAtMs);
    if (article.entry.kind !== 'article') throw new MootError('damaged', 'an entry that is no article came as one');
    return article;
  }
}
