import { v7 as uuidv7 } from 'uuid';
import type { Draft } from '../core/draft.js';
import { codeOf, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { Published } from '../core/stores.js';
import { ArticleChecker } from '../identity/check-article.js';
import type { Channel } from '../wire/channels.js';
import { readAnswer } from '../wire/check.js';
import { fromWirePublished, toWirePublish } from '../wire/convert-draft.js';
import { toWireQuery } from '../wire/convert-query.js';
import { CommunityServiceService as service } from '../wire/gen/moot/v1/community.js';
import { type Answer, PageAnswer } from './answer.js';
import { type Description, describe } from './describe.js';
import type { Membership } from './memberships.js';
import { type Parts, toWireOptions } from './parts.js';
import { publishAll } from './publish-all.js';
import type { PublishItem } from './publish-window.js';
import { type QueryOptions, toQueryCall } from './query.js';
import { AllPages } from './query-all.js';
import { withRetries } from './retry.js';
import type { CallOptions, PublishResult } from './types.js';

/** One community, as its member sees it. */
export class Community {
  private readonly checker = new ArticleChecker();
  private greeting: Promise<void> | undefined;

  constructor(
    readonly id: OriginId,
    readonly name: string,
    readonly address: string,
    private readonly membership: Membership | undefined,
    private readonly parts: Parts,
  ) {}

  /** Our name there; undefined while we are no member. */
  get member(): string | undefined {
    return this.membership?.member;
  }

  describe(options: CallOptions = {}): Promise<Description> {
    return describe(this.parts, this.address, options);
  }

  /**
   * Publishes one article; it is on the community's disk when this returns. While the community is unavailable it tries
   * again, for as long as the call may take, and the key makes sure that one article comes of it.
   * @param options.key names this very article, over any number of calls; default: a new one.
   */
  async publish(draft: Draft, options: CallOptions & { readonly key?: string | undefined } = {}): Promise<Published> {
    const request = toWirePublish({ draft, key: options.key ?? uuidv7() });
    const timeout = AbortSignal.timeout(options.timeoutMs ?? this.parts.timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    const answer = await withRetries(async () => {
      const { channel, token } = await this.asMember(options);
      return channel.unary(service.publish, request, toWireOptions(this.parts, { ...options, signal }, token));
    }, signal);
    return readAnswer(() => fromWirePublished(answer));
  }

  /**
   * Publishes many, in order, over streams; one result for each, in that order. Items are taken no faster than the
   * community acknowledges them. A stream that breaks is opened again, and what was not acknowledged is sent again.
   * `timeoutMs` bounds the silence of the community, not the whole.
   */
  publishAll(
    items: Iterable<PublishItem> | AsyncIterable<PublishItem>,
    options: CallOptions = {},
  ): AsyncIterable<PublishResult> {
    const { signal } = options;
    return publishAll(items, {
      clock: this.parts.clock,
      stallMs: options.timeoutMs ?? this.parts.timeoutMs,
      signal,
      open: async () => {
        const { channel, token } = await this.asMember(options);
        return channel.bidi(service.publishStream, { signal, token });
      },
    });
  }

  /** Asks one page. @throws MootError `invalid`, at once, naming what is out of range. */
  query(options: QueryOptions = {}): Answer {
    const call = toQueryCall(options);
    const ended = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
    const ask = this.asMember({ ...options, signal }).then(({ channel, token }) =>
      channel.serverStream(service.query, toWireQuery(call), toWireOptions(this.parts, { ...options, signal }, token)),
    );
    return new PageAnswer(later(ask), this.checker, call.limit, () => ended.abort());
  }

  /** Asks page after page, each within the time of one call, and gives all of them as one answer. */
  queryAll(options: QueryOptions = {}): Answer {
    return new AllPages((page) => this.query({ ...options, limit: options.limit ?? 500, page: page ?? options.page }));
  }

  /** Ends the membership: the community forgets the token, and so do we. */
  async leave(options: CallOptions = {}): Promise<void> {
    const { channel, token } = await this.asMember(options);
    try {
      await channel.unary(service.leave, {}, toWireOptions(this.parts, options, token));
    } catch (error) {
      // It does not know us any longer, so what is kept here is worth nothing.
      if (codeOf(error) === 'unauthenticated') await this.parts.memberships.remove(this.id);
      throw error;
    }
    await this.parts.memberships.remove(this.id);
  }

  /** The connection, once it is certain who is at its other end: a token is shown to nobody else. */
  private async asMember(options: CallOptions): Promise<{ channel: Channel; token: string }> {
    const { membership } = this;
    if (!membership)
      throw new MootError('unauthenticated', `you are not a member of ${this.name}`, {
        hint: `moot join ${quoted(this.name)}`,
      });
    this.greeting ??= this.greet(options);
    try {
      await this.greeting;
    } catch (error) {
      this.greeting = undefined;
      throw error;
    }
    return { channel: this.parts.connections.to(this.address), token: membership.token };
  }

  private async greet(options: CallOptions): Promise<void> {
    const found = await this.describe(options);
    if (found.id !== this.id)
      throw new MootError('not_found', `at ${this.address} is ${found.name} now, not ${this.name}`, {
        hint: 'moot servers',
      });
  }
}

/** As a shell reads it as one word. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

async function* later<T>(ask: Promise<AsyncIterable<T>>): AsyncGenerator<T> {
  yield* await ask;
}
