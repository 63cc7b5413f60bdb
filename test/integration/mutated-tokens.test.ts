import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/core/clock.js';
import { codeOf } from '../../src/core/errors.js';
import { createIdentity } from '../../src/identity/keys.js';
import { createToken, tokenHash } from '../../src/identity/tokens.js';
import type { CallContext } from '../../src/rpc/open-call.js';
import { ServerTokenChecker, ServerTokens } from '../../src/rpc/server-token.js';
import { CommunityServiceService } from '../../src/wire/gen/moot/v1/community.js';
import { FederationServiceService } from '../../src/wire/gen/moot/v1/federation.js';
import { type AnyMethod, callAny, countingServices, serve, type TestServer } from '../support/rpc-server.js';
import { seededRandom } from '../support/seeded-random.js';

const each = 2_500;
const titled = each.toLocaleString('en');
const atOnce = 32;
const [self, elsewhere, ada, bob, stranger] = Array.from({ length: 5 }, createIdentity) as [Me, Me, Me, Me, Me];
type Me = ReturnType<typeof createIdentity>;

const members = new Map<string, string>();
const seen: { decoded: number; calls: CallContext[] } = { decoded: 0, calls: [] };
let test: TestServer;

beforeAll(async () => {
  const known = new Map([ada, bob].map(({ id, publicKey }) => [id, publicKey]));
  const checker = new ServerTokenChecker(self.id, (id) => known.get(id), systemClock);
  test = await serve(
    {
      member: (hash) => {
        const memberId = members.get(Buffer.from(hash).toString('hex'));
        return memberId === undefined ? undefined : { memberId, memberName: memberId };
      },
      isOperator: () => false,
      server: (token, method) => checker.check(token, method),
    },
    (on) => countingServices(on, seen),
  );
});
afterAll(() => test.stop());

const random = seededRandom(20_261_121);
const below = (bound: number): number => Math.floor(random() * bound);
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** One letter another, one gone or one more, what is short cut shorter, upper for lower case. */
const slips: readonly ((token: string) => string)[] = [
  (token) => replaceAt(token, below(token.length)),
  (token) => token.slice(0, below(token.length)),
  (token) => `${token}${letters[below(letters.length)]}`,
  (token) => `${token}=`,
  (token) => replaceAt(token, token.length - 1),
  (token) => token.slice(1),
  (token) => swapCase(token, below(token.length)),
];

function replaceAt(token: string, at: number): string {
  return `${token.slice(0, at)}${letters[below(letters.length)]}${token.slice(at + 1)}`;
}

function swapCase(token: string, at: number): string {
  const letter = token[at] ?? '';
  const other = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
  return `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
}

/** Calls `method` with each of `tokens`. @returns how many were let in, and with what the others were refused. */
async function call(method: AnyMethod, tokens: readonly string[]): Promise<{ letIn: number; refusals: Set<string> }> {
  const channel = test.channel();
  const left = tokens.values();
  const refusals = new Set<string>();
  let letIn = 0;
  const work = async (): Promise<void> => {
    for (const token of left) {
      const error = await callAny(channel, method, token);
      if (error === undefined) letIn += 1;
      else refusals.add(codeOf(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { letIn, refusals };
}

const fresh = (by: Me, to = self, path: string = FederationServiceService.ask.path): Promise<string> =>
  new ServerTokens(by).sign(to.id, path, Date.now());
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

/** Each makes a token that nobody has signed of a fresh one of ada's. */
const forgeries: readonly ((parts: readonly [string, string, string]) => string | Promise<string>)[] = [
  // Parts of other tokens that are genuine: another caller's, another call's, another server's.
  async ([head, , signature]) => `${head}.${(await fresh(bob)).split('.')[1]}.${signature}`,
  async ([head, body]) => `${head}.${body}.${(await fresh(bob)).split('.')[2]}`,
  async ([head, body]) => `${head}.${body}.${(await fresh(ada)).split('.')[2]}`,
  () => fresh(ada, self, FederationServiceService.follow.path),
  () => fresh(ada, elsewhere),
  () => fresh(stranger),
  () => fresh({ ...stranger, id: ada.id }),
  // Said anew, under the old signature, or under none.
  ([head, body, signature]) => `${head}.${encoded({ ...decoded(body), exp: 9_999_999_999 })}.${signature}`,
  ([head, body, signature]) => `${head}.${encoded({ ...decoded(body), iss: bob.id })}.${signature}`,
  ([head, body, signature]) => `${encoded({ ...decoded(head), alg: 'none' })}.${body}.${signature}`,
  ([head, body]) => `${encoded({ ...decoded(head), alg: 'none' })}.${body}.`,
  ([head, body, signature]) => `${encoded({ ...decoded(head), typ: 'JWT' })}.${body}.${signature}`,
  // The public key, taken for a secret.
  ([head, body]) => {
    const said = `${encoded({ ...decoded(head), alg: 'HS256' })}.${body}`;
    return `${said}.${createHmac('sha256', ada.publicKey).update(said).digest('base64url')}`;
  },
  ([head, body, signature]) => `${head}.${Buffer.from(body, 'base64url').toString('base64')}.${signature}`,
];

describe('the guard lets nobody in with a token that was not given to them', () => {
  it(`S0.6 ${titled} mutated server tokens: 0 let in`, async () => {
    const mutants: string[] = [];
    for (let at = 0; mutants.length < each; at += 1) {
      const token = await fresh(ada);
      const [head = '', body = '', signature = ''] = token.split('.');
      const change = at % 2 === 0 ? slips[below(slips.length)] : undefined;
      const mutant = change?.(token) ?? (await forgeries[below(forgeries.length)]?.([head, body, signature]));
      if (mutant !== undefined && mutant !== token && mutant !== '') mutants.push(mutant);
    }
    const ask = FederationServiceService.ask as AnyMethod;
    const { letIn, refusals } = await call(ask, mutants);
    expect({ letIn, refusals: [...refusals] }).toEqual({ letIn: 0, refusals: ['unauthenticated'] });
    expect(seen).toEqual({ decoded: 0, calls: [] });
    expect(await call(ask, [await fresh(ada), await fresh(bob)])).toMatchObject({ letIn: 2 });
  }, 240_000);

  it(`S0.6 ${titled} mutated tokens of members: 0 let in`, async () => {
    const tokens = Array.from({ length: 50 }, createToken);
    for (const token of tokens) members.set(tokenHash(token).toString('hex'), token);
    const any = (): string => tokens[below(tokens.length)] ?? '';
    const halves = (): string => `${any().slice(0, 21)}${any().slice(21)}`;
    const stored = (): string => tokenHash(any()).toString(below(2) ? 'hex' : 'base64url');
    const mutants: string[] = [];
    while (mutants.length < each) {
      const kind = below(10);
      const mutant = kind === 0 ? halves() : kind === 1 ? stored() : (slips[below(slips.length)]?.(any()) ?? '');
      if (mutant !== '' && !tokens.includes(mutant)) mutants.push(mutant);
    }
    seen.calls = [];
    seen.decoded = 0;
    const publish = CommunityServiceService.publish as AnyMethod;
    const { letIn, refusals } = await call(publish, mutants);
    expect({ letIn, refusals: [...refusals] }).toEqual({ letIn: 0, refusals: ['unauthenticated'] });
    expect(seen).toEqual({ decoded: 0, calls: [] });
    expect(await call(publish, tokens)).toMatchObject({ letIn: tokens.length });
  }, 240_000);
});
