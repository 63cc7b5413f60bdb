import type { MethodDefinition } from '@grpc/grpc-js';
import { v7 as uuidv7 } from 'uuid';
import type { Draft } from '../core/draft.js';
import { isMootError, MootError } from '../core/errors.js';
import type { EntryId, OriginId } from '../core/ids.js';
import type { Load } from '../core/load.js';
import type { Published } from '../core/stores.js';
import type { SubscribeRequest } from '../core/subscribing.js';
import type { Hop } from '../core/trace.js';
import { ArticleChecker } from '../identity/check-article.js';
import { PartChecker } from '../identity/check-part.js';
import type { Channel } from '../wire/channels.js';
import { readAnswer, required } from '../wire/check.js';
import { fromWirePublished, fromWireRetracted, toWirePublish } from '../wire/convert-draft.js';
import { fromWireHeld } from '../wire/convert-held.js';
import { fromWireLoad } from '../wire/convert-load.js';
import { fromWireMembership } from '../wire/convert-moderation.js';
import { toWireQuery } from '../wire/convert-query.js';
import { toWireSubscribe } from '../wire/convert-subscribe.js';
import { fromWireHops } from '../wire/convert-trace.js';
import {
  CommunityServiceService as service,
  type SubscribeRequest as WireSubscribe,
} from '../wire/gen/moot/v1/community.js';
import { type Answer, PageAnswer } from './answer.js';
import { Attempts } from './attempts.js';
import { type Description, describe } from './describe.js';
import type { KnownServer } from './known-server.js';
import { readMembers } from './members.js';
import type { Membership } from './memberships.js';
import { orNext } from './or-next.js';
import { pages } from './pages.js';
import { type Parts, toWireOptions } from './parts.js';
import { publishAll } from './publish-all.js';
import type { PublishItem } from './publish-window.js';
import { type QueryOptions, toQueryCall } from './query.js';
import { AllPages } from './query-all.js';
import { quoted } from './quoted.js';
import { withRetries } from './retry.js';
import { SameFrames } from './same-frames.js';
import { LiveSubscription, type SubscribeOptions, type Subscription } from './subscription.js';
import type { CallOptions, HeldInfo, MemberInfo, PublishResult, Retracted, TokenInfo } from './types.js';

/** Its messages are left as they come: see `SameFrames`. */
const subscribeRaw: MethodDefinition<WireSubscribe, Buffer> = {
  ...service.subscribe,
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
};

/** One community, as its member sees it. */
export class Community {
  private readonly checker: ArticleChecker;
  private readonly partChecker: PartChecker;
  private readonly frames = new SameFrames();

  constructor(
    private readonly server: KnownServer,
    private readonly membership: Membership | undefined,
    private readonly parts: Parts,
    /** Without a membership we read as anyone may who is no member. */
    private readonly readsAsAnyone = false,
  ) {
    this.checker = new ArticleChecker(parts.ring);
    this.partChecker = new PartChecker(parts.ring);
  }

  get id(): OriginId {
    return this.server.id;
  }

  get name(): string {
    return this.server.name;
  }

  /** HOST:PORT, or HOST:PORT#FINGERPRINT of what speaks TLS there. */
  get address(): string {
    return this.server.address;
  }

  /** Our name there; undefined while we are no member. */
  get member(): string | undefined {
    return this.membership?.member;
  }

  /** We asked to join, and nobody had let us in yet when this was made. */
  get isWaiting(): boolean {
    return this.membership?.isWaiting === true;
  }

  /** What proves our membership, to be kept where memberships are not kept here. Whoever has it is us. */
  get token(): string | undefined {
    return this.membership?.token;
  }

  describe(options: CallOptions = {}): Promise<Description> {
    return this.ask(options, (given) => describe(this.parts, this.parts.connections.to(this.address), given));
  }

  /** How busy it is, and how its links stand. */
  async load(options: CallOptions = {}): Promise<Load> {
    const answer = await this.ask(options, async (given) => {
      const { channel, token } = await this.asReader(given);
      return channel.unary(service.readLoad, {}, toWireOptions(this.parts, given, token));
    });
    return readAnswer(() => fromWireLoad(answer));
  }

  /**
   * Publishes one article; it is on the community's disk when this returns. While the community is unavailable it tries
   * again, for as long as the call may take, and the key makes sure that one article comes of it. Where it waits for the
   * approval of a moderator, what is returned says `held`.
   * @param options.key names this very article, over any number of calls; default: a new one.
   */
  async publish(draft: Draft, options: CallOptions & { readonly key?: string | undefined } = {}): Promise<Published> {
    const request = toWirePublish({ draft, key: options.key ?? uuidv7() });
    const timeout = AbortSignal.timeout(options.timeoutMs ?? this.parts.timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    const answer = await withRetries(async () => {
      const { channel, token } = await this.asMember({ ...options, signal });
      const call = channel.unary(service.publish, request, toWireOptions(this.parts, { ...options, signal }, token));
      return orNext(call, this.server, this.parts.clock, signal);
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
    let streams = 0;
    return publishAll(items, {
      clock: this.parts.clock,
      stallMs: options.timeoutMs ?? this.parts.timeoutMs,
      signal,
      open: async () => {
        if (streams > 0) this.server.turn();
        streams += 1;
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
    const attempts = new Attempts(this.server, this.parts, { timeoutMs: options.timeoutMs, signal });
    const frames = async () => {
      const given = attempts.options;
      const { channel, token } = await this.asReader(given);
      return channel.serverStreamInTurn(service.query, toWireQuery(call), toWireOptions(this.parts, given, token));
    };
    const source = { open: frames, goesOn: (error: unknown) => attempts.goesOn(error) };
    return new PageAnswer(source, this.checker, call.limit, () => ended.abort());
  }

  /** Asks page after page, each within the time of one call, and gives all of them as one answer. */
  queryAll(options: QueryOptions = {}): Answer {
    return new AllPages((page) => this.query({ ...options, limit: options.limit ?? 500, page: page ?? options.page }));
  }

  /** Articles as they come, over a connection of their own. @throws MootError `invalid`, at once, naming what is wrong. */
  subscribe(options: SubscribeOptions = {}): Subscription {
    let streams = 0;
    const open = async (request: SubscribeRequest, signal: AbortSignal) => {
      // Another server may have taken the address since the connection before.
      if (streams === 0) this.server.doubt();
      else this.server.turn();
      streams += 1;
      const { token } = await this.asReader({ signal });
      const channel = this.parts.connections.to(this.address, 'feed');
      return channel.serverStream(subscribeRaw, toWireSubscribe(request), { signal, token });
    };
    const { partChecker: checker, frames } = this;
    const { clock } = this.parts;
    return new LiveSubscription({ clock, checker, frames, open, hasOthers: () => this.server.hasReplicas }, options);
  }

  /** Takes back an article that we published there. */
  async retract(id: EntryId, options: CallOptions & { readonly reason?: string | undefined } = {}): Promise<Retracted> {
    const { channel, token } = await this.asMember(options);
    const request = { id, reason: options.reason ?? '' };
    const answer = await channel.unary(service.retract, request, toWireOptions(this.parts, options, token));
    return readAnswer(() => fromWireRetracted(answer));
  }

  /** What we published there that waits for approval or was refused it, in the order in which we did, page after page. */
  held(options: CallOptions = {}): AsyncIterable<HeldInfo> {
    return pages(async (pageToken) => {
      const { channel, token } = await this.asMember(options);
      const given = toWireOptions(this.parts, options, token);
      const { held, nextPageToken } = await channel.unary(service.listOwnHeld, { pageToken }, given);
      return { items: readAnswer(() => held.map(fromWireHeld)), nextPageToken };
    });
  }

  /** The way an article took to this community, from here back to its origin. @throws MootError `not_found`. */
  async trace(id: EntryId, options: CallOptions = {}): Promise<readonly Hop[]> {
    const { hops } = await this.ask(options, async (given) => {
      const { channel, token } = await this.asReader(given);
      return channel.unary(service.trace, { id }, toWireOptions(this.parts, given, token));
    });
    return readAnswer(() => fromWireHops(hops));
  }

  /** Who is a member there now, page after page, in the order of their ids; only members are told. */
  members(options: CallOptions = {}): AsyncIterable<MemberInfo> {
    return readMembers((pageToken) =>
      this.ask(options, async (given) => {
        const { channel, token } = await this.asMember(given);
        const request = { pageSize: 1000, pageToken };
        return channel.unary(service.listMembers, request, toWireOptions(this.parts, given, token));
      }),
    );
  }

  /** What the community knows of us and our token. */
  async membershipThere(options: CallOptions = {}): Promise<TokenInfo> {
    const { membership } = await this.ask(options, async (given) => {
      const { channel, token } = await this.asMember(given);
      return channel.unary(service.showMembership, {}, toWireOptions(this.parts, given, token));
    });
    return readAnswer(() => fromWireMembership(required(membership, 'membership')));
  }

  /** A new token in place of ours, which is refused from then on, and what was opened with it ends. */
  async renewToken(options: CallOptions = {}): Promise<Community> {
    const { channel, token } = await this.asMember(options);
    const renewed = await channel.unary(service.renewToken, {}, toWireOptions(this.parts, options, token));
    const { server, parts } = this;
    const membership = this.membership && { ...this.membership, token: renewed.token };
    if (membership) await parts.memberships.put(membership);
    return new Community(server, membership, parts);
  }

  /** Ends the membership: the community forgets the token, and so do we. A request to join is taken back. */
  async leave(options: CallOptions = {}): Promise<void> {
    const { channel, token } = await this.asMember(options);
    try {
      // Somebody may have let us in since.
      const isRequest = this.isWaiting && (await this.standing(options)).state !== 'member';
      if (isRequest) await channel.unary(service.withdraw, { token }, toWireOptions(this.parts, options));
      else await channel.unary(service.leave, {}, toWireOptions(this.parts, options, token));
    } catch (error) {
      // It does not know us any longer, so what is kept here is worth nothing.
      if (!isMootError(error) || error.code !== 'unauthenticated') throw error;
      await this.parts.memberships.remove(this.id);
      throw new MootError('unauthenticated', `${error.message}; it is forgotten here as well`, { cause: error });
    }
    await this.parts.memberships.remove(this.id);
  }

  /** How it stands with us there: `member`, `waiting`, `refused`, with the reason that was given, or `unknown`. */
  async standing(options: CallOptions = {}): Promise<{ readonly state: string; readonly reason: string }> {
    return this.ask(options, async (given) => {
      const { channel, token } = await this.asMember(given);
      return channel.unary(service.joinStatus, { token }, toWireOptions(this.parts, given));
    });
  }

  /** What does no harm when it is asked twice. */
  private ask<T>(options: CallOptions, work: (options: CallOptions) => Promise<T>): Promise<T> {
    return new Attempts(this.server, this.parts, options).run(work);
  }

  private async asReader(options: CallOptions): Promise<{ channel: Channel; token: string | undefined }> {
    if (this.membership || !this.readsAsAnyone) return this.asMember(options);
    return { channel: await this.server.reach(options), token: undefined };
  }

  private async asMember(options: CallOptions): Promise<{ channel: Channel; token: string }> {
    const { membership } = this;
    if (!membership)
      throw new MootError('unauthenticated', `you are not a member of ${this.name}`, {
        field: 'server',
        hint: `moot join ${quoted(this.name)}`,
      });
    return { channel: await this.server.reach(options), token: membership.token };
  }
}
