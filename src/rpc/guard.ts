import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { type Clock, systemClock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { Author } from '../core/stores.js';
import { isSameHash, tokenHash } from '../identity/tokens.js';
import { toStatus } from '../wire/error-table.js';
import { Admission, Admissions } from './admissions.js';
import type { Caller } from './caller.js';
import type { Rule, RuleTable } from './rules.js';

/** What the guard asks to find out who calls. A registry knows nobody, and gives none of them. */
export interface Acquaintances {
  /** The member whose token has this hash, now. */
  member?(tokenHash: Uint8Array): Author | undefined | Promise<Author | undefined>;
  /** SHA-256 of the operator's token. */
  readonly operatorHash?: Uint8Array | undefined;
  /** The server whose token for this method it is. @throws MootError `unauthenticated`. */
  server?(token: string, method: string): Promise<OriginId>;
}

/** How long a request may take to arrive (RELIABILITY: half-sent calls never end by themselves). */
const requestMs = 10_000;

/**
 * Decides from the headers who may make a call, before any of its body is read; what has no rule is closed. One interceptor
 * stands in front of every service.
 */
export class Guard {
  readonly admissions = new Admissions();

  constructor(
    private readonly rules: RuleTable,
    private readonly knows: Acquaintances,
    private readonly clock: Clock = systemClock,
  ) {}

  readonly interceptor: ServerInterceptor = (method, call) => {
    let admission: Admission | undefined;
    let isOver = false;
    let disarm = (): void => undefined;
    const refuse = (error: unknown): void => {
      if (!isOver) call.sendStatus(toStatus(error));
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            this.decide(method.path, metadata).then((caller) => {
              if (isOver) return;
              admission = new Admission(caller, method.requestStream || method.responseStream, call);
              this.admissions.admit(metadata, admission);
              if (!method.requestStream) disarm = this.clock.after(requestMs, () => refuse(tooSlow()));
              pass(metadata);
            }, refuse);
          },
          onReceiveHalfClose: (pass) => {
            disarm();
            pass();
          },
          onCancel: () => {
            isOver = true;
            disarm();
            admission?.over();
          },
        }),
    });
  };

  /** @throws MootError `unauthenticated` or `denied`, with what to do next. */
  private async decide(path: string, metadata: Metadata): Promise<Caller> {
    const rule = this.rules.get(path);
    if (!rule) throw new MootError('denied', 'this call is closed');
    if (rule === 'anyone') return { kind: 'anyone' };
    const token = bearer(metadata);
    if (token === undefined) throw unknown(rule, `this call is for ${audience[rule]}`);
    if (rule === 'server') return this.fromServer(token, path);
    return rule === 'member' ? this.fromMember(token) : this.fromOperator(token);
  }

  private async fromMember(token: string): Promise<Caller> {
    const hash = tokenHash(token);
    const member = await this.knows.member?.(hash);
    if (member) return { kind: 'member', member };
    if (this.isOperator(hash)) throw new MootError('denied', 'the operator’s token does not make a member', joinFirst);
    throw unknown('member', 'the token is not that of a member here');
  }

  private async fromOperator(token: string): Promise<Caller> {
    const hash = tokenHash(token);
    if (this.isOperator(hash)) return { kind: 'operator' };
    if (await this.knows.member?.(hash)) throw new MootError('denied', 'this call is for the operator', askOperator);
    throw unknown('operator', 'the token is not the operator’s');
  }

  private async fromServer(token: string, path: string): Promise<Caller> {
    if (!this.knows.server) throw unknown('server', 'no server is known here');
    return { kind: 'server', id: await this.knows.server(token, path) };
  }

  private isOperator(hash: Uint8Array): boolean {
    return this.knows.operatorHash !== undefined && isSameHash(this.knows.operatorHash, hash);
  }
}

type Closed = Exclude<Rule, 'anyone'>;

const audience: Readonly<Record<Closed, string>> = { member: 'members', operator: 'the operator', server: 'servers' };
const joinFirst = { hint: 'join first: moot join SERVER' };
const askOperator = { hint: 'give the operator’s token: --operator-token-file FILE' };
const hints: Readonly<Record<Closed, { readonly hint: string }>> = {
  member: joinFirst,
  operator: askOperator,
  server: { hint: 'introduce yourself first' },
};

function unknown(rule: Closed, message: string): MootError {
  return new MootError('unauthenticated', message, hints[rule]);
}

function tooSlow(): MootError {
  return new MootError('timed_out', 'the request did not arrive in time');
}

function bearer(metadata: Metadata): string | undefined {
  const values = metadata.get('authorization');
  const [value] = values;
  if (values.length !== 1 || typeof value !== 'string') return undefined;
  return /^bearer ([!-~]{1,4096})$/i.exec(value)?.[1];
}
