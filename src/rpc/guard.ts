import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { hostOf, neighbourhood } from '../core/address.js';
import { type Clock, systemClock } from '../core/clock.js';
import { codeOf, type ErrorCode, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { Role } from '../core/moderation.js';
import { defaultLimits, type ServerLimits } from '../core/server-limits.js';
import type { Author } from '../core/stores.js';
import { tokenHash } from '../identity/tokens.js';
import { toStatus } from '../wire/error-table.js';
import { FederationServiceService } from '../wire/gen/moot/v1/federation.js';
import { Admission, Admissions } from './admissions.js';
import type { Caller } from './caller.js';
import { Rates } from './rates.js';
import type { Rule, RuleTable } from './rules.js';
import type { Traffic } from './traffic.js';

/** A member, by their token. */
export type Acquaintance = Author & { readonly role?: Role };

/** Whose a token is. */
type Holder = { readonly kind: 'operator' } | { readonly kind: 'member'; readonly member: Acquaintance };

/** What the guard asks to find out who calls. A registry knows nobody, and gives none of them. */
export interface Acquaintances {
  /** The member whose token has this hash, now. */
  member?(tokenHash: Uint8Array): Acquaintance | undefined | Promise<Acquaintance | undefined>;
  /** Why the holder of a token is no member, where that is known. */
  whyNot?(tokenHash: Uint8Array): MootError | undefined;
  /** Whether anyone may read what is here. */
  readonly isPublic?: boolean | undefined;
  /** Whether this is the SHA-256 of a token of the operator's. */
  isOperator?(tokenHash: Uint8Array): boolean;
  /** The server whose token for this method it is. @throws MootError `unauthenticated`. */
  server?(token: string, method: string): Promise<OriginId>;
}

/**
 * Decides from the headers who may make a call, before any of its body is read; what has no rule is closed. One interceptor
 * stands in front of every service.
 */
export class Guard {
  readonly admissions: Admissions;
  readonly rates: Rates;

  constructor(
    private readonly rules: RuleTable,
    private readonly knows: Acquaintances,
    private readonly clock: Clock = systemClock,
    private readonly limits: ServerLimits = defaultLimits,
    /** The connection whose other end is `peer`: it is told what of its traffic belongs to calls. */
    private readonly trafficOf: (peer: string) => Traffic | undefined = () => undefined,
    /** A call was not let in, or its request did not come. */
    private readonly onRefused: (code: ErrorCode) => void = () => undefined,
  ) {
    this.admissions = new Admissions(limits.callerStreams);
    this.rates = new Rates(limits);
  }

  readonly interceptor: ServerInterceptor = (method, call) => {
    let admission: Admission | undefined;
    let isOver = false;
    let disarm = (): void => undefined;
    let traffic: Traffic | undefined;
    const requestEnds = (): void => {
      disarm();
      traffic?.requestEnds();
      traffic = undefined;
    };
    const refuse = (error: unknown): void => {
      this.onRefused(codeOf(error));
      if (!isOver) call.sendStatus(toStatus(error));
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            const peer = call.getPeer();
            const address = neighbourhood(hostOf(peer));
            traffic = this.trafficOf(peer);
            traffic?.callBegins();
            this.decide(method.path, metadata, address, isCompressed(call))
              .then((caller) => {
                if (isOver) return;
                const streams = method.requestStream || method.responseStream;
                const open = new Admission(caller, address, streams, method.path, call);
                this.admissions.admit(metadata, open);
                admission = open;
                if (!method.requestStream) disarm = this.clock.after(this.limits.requestMs, () => refuse(tooSlow()));
                pass(metadata);
              })
              .catch(refuse);
          },
          onReceiveMessage: (message, pass) => {
            traffic?.messageComes();
            pass(message);
          },
          onReceiveHalfClose: (pass) => {
            requestEnds();
            pass();
          },
          onCancel: () => {
            isOver = true;
            requestEnds();
            admission?.over();
          },
        }),
    });
  };

  /** @throws MootError `unauthenticated` or `denied`, with what to do next, or `full`, with when to try again. */
  private async decide(path: string, metadata: Metadata, address: string, compressed: boolean): Promise<Caller> {
    let caller: Caller;
    try {
      if (compressed) throw new MootError('unimplemented', 'requests are taken as they are, not compressed');
      caller = await this.callerOf(path, metadata);
    } catch (refusal) {
      await this.rates.spendAddress(address);
      throw refusal;
    }
    await this.rates.spend(caller, address);
    if (path === FederationServiceService.introduce.path) await this.rates.spendIntroduction(address);
    return caller;
  }

  private async callerOf(path: string, metadata: Metadata): Promise<Caller> {
    const rule = this.rules.get(path);
    if (!rule) throw new MootError('denied', 'this call is closed');
    if (rule === 'anyone') return { kind: 'anyone' };
    const token = bearer(metadata);
    // A token that is no good is refused all the same: whoever shows one means to be known by it.
    if (rule === 'reader' && this.knows.isPublic && metadata.get('authorization').length === 0)
      return { kind: 'anyone' };
    if (token === undefined) throw unknown(rule, `this call is for ${audience[rule]}`);
    if (rule === 'server') return this.fromServer(token, path);
    if (rule === 'member' || rule === 'reader') return this.fromMember(token);
    return rule === 'moderator' ? this.fromModerator(token) : this.fromOperator(token);
  }

  private async fromMember(token: string): Promise<Caller> {
    const hash = tokenHash(token);
    const holder = await this.holderOf(hash);
    if (holder?.kind === 'member') return holder;
    if (holder) throw new MootError('denied', 'the operator’s token does not make a member', joinFirst);
    throw this.knows.whyNot?.(hash) ?? unknown('member', 'the token is not that of a member here');
  }

  private async fromModerator(token: string): Promise<Caller> {
    const hash = tokenHash(token);
    const holder = await this.holderOf(hash);
    if (holder?.kind === 'operator') return holder;
    if (holder?.member.role === 'moderator') return { kind: 'moderator', member: holder.member };
    if (holder) throw new MootError('denied', 'this call is for moderators and the operator', askOperator);
    throw this.knows.whyNot?.(hash) ?? unknown('moderator', 'the token is not that of a moderator here');
  }

  private async fromOperator(token: string): Promise<Caller> {
    const holder = await this.holderOf(tokenHash(token));
    if (holder?.kind === 'operator') return holder;
    if (holder) throw new MootError('denied', 'this call is for the operator', askOperator);
    throw unknown('operator', 'the token is not the operator’s');
  }

  private async holderOf(hash: Uint8Array): Promise<Holder | undefined> {
    if (this.isOperator(hash)) return { kind: 'operator' };
    const member = await this.knows.member?.(hash);
    if (member) return { kind: 'member', member };
    // To look for a member that was not known may have made known an operator of another replica.
    return this.isOperator(hash) ? { kind: 'operator' } : undefined;
  }

  private async fromServer(token: string, path: string): Promise<Caller> {
    if (!this.knows.server) throw unknown('server', 'no server is known here');
    return { kind: 'server', id: await this.knows.server(token, path) };
  }

  private isOperator(hash: Uint8Array): boolean {
    return this.knows.isOperator?.(hash) === true;
  }
}

type Closed = Exclude<Rule, 'anyone'>;

const audience: Readonly<Record<Closed, string>> = {
  reader: 'members',
  member: 'members',
  moderator: 'moderators and the operator',
  operator: 'the operator',
  server: 'servers',
};
const joinFirst = { hint: 'join first: moot join SERVER' };
const askOperator = { hint: 'give the operator’s token: --operator-token-file FILE' };
const hints: Readonly<Record<Closed, { readonly hint: string }>> = {
  reader: joinFirst,
  member: joinFirst,
  moderator: askOperator,
  operator: askOperator,
  server: { hint: 'introduce yourself first' },
};

function unknown(rule: Closed, message: string): MootError {
  return new MootError('unauthenticated', message, hints[rule]);
}

function tooSlow(): MootError {
  return new MootError('timed_out', 'the request did not arrive in time');
}

/**
 * A window of compressed messages is inflated whole before a handler takes the first: 14 KiB of them make 14 MiB, for each
 * call. Nothing public in grpc-js says that a request is compressed, since the header is taken away before anybody sees it.
 */
function isCompressed(call: ServerInterceptingCallInterface): boolean {
  return 'incomingEncoding' in call && call.incomingEncoding !== 'identity';
}

function bearer(metadata: Metadata): string | undefined {
  const values = metadata.get('authorization');
  const [value] = values;
  if (values.length !== 1 || typeof value !== 'string') return undefined;
  return /^bearer ([!-~]{1,4096})$/i.exec(value)?.[1];
}
