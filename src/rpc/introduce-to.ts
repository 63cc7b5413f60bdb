import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../core/clock.js';
import { isMootError, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { originOf } from '../identity/hash.js';
import type { KeyRing } from '../identity/key-ring.js';
import { type Identity, isSignedBy } from '../identity/keys.js';
import type { Channel } from '../wire/channels.js';
import { readAnswer, toBuffer, toDateMs } from '../wire/check.js';
import { FederationServiceService, type IntroduceResponse } from '../wire/gen/moot/v1/federation.js';
import { calleeWords, callerWords } from './introduce-words.js';

export interface Introduced {
  /** What the clock of the other server is ahead of this one's, in milliseconds. */
  readonly aheadMs: number;
  /** The name the other server bears. */
  readonly name: string;
  /** With what it refuses this one, which has proved its key all the same. */
  readonly refused?: MootError | undefined;
}

export interface IntroduceOptions {
  /** What this server calls itself, for the operator of the other one. */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For each of the two calls; default 3 s. */
  readonly deadlineMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** What is known of keys that were replaced; default: nothing. */
  readonly ring?: KeyRing | undefined;
}

/**
 * Proves this server's key to the one at the other end, and has it prove its own.
 * @throws MootError `denied` when that is another community than `expected`; besides, what
 * calls throw.
 */
export async function introduceTo(
  channel: Channel,
  identity: Identity,
  expected: OriginId,
  { name = '', signal, deadlineMs = 3000, clock = systemClock, ring }: IntroduceOptions = {},
): Promise<Introduced> {
  const publicKey = toBuffer(identity.publicKey);
  const nonce = randomBytes(32);
  const { introduce } = FederationServiceService;
  const sentMs = clock.now();
  const first = await proveCallee(channel, identity, expected, { name, signal, deadlineMs, ring });
  const aheadMs = readAnswer(() => toDateMs(first.timeMs, 'time')) - (sentMs + clock.now()) / 2;
  if (first.challenge.length === 0 || first.challenge.length > 256)
    throw new MootError('damaged', 'the other server gave no challenge to sign');
  const signature = toBuffer(identity.sign(callerWords(identity.id, expected, first.challenge)));
  const proof = { publicKey, nonce, challenge: first.challenge, signature, name };
  const second = await channel.unary(introduce, proof, { signal, deadlineMs }).catch((error: unknown) => {
    if (isMootError(error) && error.refusal !== undefined) return error;
    throw error;
  });
  const { name: calleeName } = first;
  if (second instanceof Error) return { aheadMs, name: calleeName, refused: second };
  requireCallee(second, expected, identity.id, nonce, ring);
  if (!second.accepted) throw new MootError('denied', 'the other community does not accept this one');
  return { aheadMs, name: calleeName };
}

/**
 * Has the server at the other end prove its key, and no more: the first of the two calls.
 * @throws MootError `denied` when that is another community than `expected`; besides, what calls throw.
 */
export async function proveCallee(
  channel: Channel,
  identity: Identity,
  expected: OriginId,
  { name = '', signal, deadlineMs = 3000, ring }: IntroduceOptions,
): Promise<IntroduceResponse> {
  const nonce = randomBytes(32);
  const none = Buffer.alloc(0);
  const request = { publicKey: toBuffer(identity.publicKey), nonce, challenge: none, signature: none, name };
  const answer = await channel.unary(FederationServiceService.introduce, request, { signal, deadlineMs });
  requireCallee(answer, expected, identity.id, nonce, ring);
  return answer;
}

function requireCallee(
  { publicKey, signature }: IntroduceResponse,
  expected: OriginId,
  self: OriginId,
  nonce: Buffer,
  ring: KeyRing | undefined,
): void {
  const callee = originOf(publicKey);
  const isProved = callee === expected && isSignedBy(publicKey, calleeWords(callee, self, nonce), signature);
  if (isProved && ring?.accepts(callee, publicKey) !== false) return;
  if (isProved) throw new MootError('denied', 'what answers at that address has a key that its community has replaced');
  throw new MootError('denied', 'what answers at that address is not the community it was', {
    hint: 'look its address up again, or disconnect it',
  });
}
