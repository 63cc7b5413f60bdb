import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { originOf } from '../identity/hash.js';
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
}

export interface IntroduceOptions {
  readonly signal?: AbortSignal | undefined;
  /** For each of the two calls; default 3 s. */
  readonly deadlineMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Proves this server's key to the one at the other end, and has it prove its own.
 * @throws MootError `denied` when that is another community than `expected`, or does not accept this one; besides, what
 * calls throw.
 */
export async function introduceTo(
  channel: Channel,
  identity: Identity,
  expected: OriginId,
  { signal, deadlineMs = 3000, clock = systemClock }: IntroduceOptions = {},
): Promise<Introduced> {
  const publicKey = toBuffer(identity.publicKey);
  const nonce = randomBytes(32);
  const none = Buffer.alloc(0);
  const { introduce } = FederationServiceService;
  const sentMs = clock.now();
  const first = await channel.unary(
    introduce,
    { publicKey, nonce, challenge: none, signature: none },
    { signal, deadlineMs },
  );
  const aheadMs = readAnswer(() => toDateMs(first.timeMs, 'time')) - (sentMs + clock.now()) / 2;
  requireCallee(first, expected, identity.id, nonce);
  if (first.challenge.length === 0 || first.challenge.length > 256)
    throw new MootError('damaged', 'the other server gave no challenge to sign');
  const signature = toBuffer(identity.sign(callerWords(identity.id, expected, first.challenge)));
  const second = await channel.unary(
    introduce,
    { publicKey, nonce, challenge: first.challenge, signature },
    { signal, deadlineMs },
  );
  requireCallee(second, expected, identity.id, nonce);
  if (!second.accepted) throw new MootError('denied', 'the other community does not accept this one');
  return { aheadMs, name: first.name };
}

function requireCallee(answer: IntroduceResponse, expected: OriginId, self: OriginId, nonce: Buffer): void {
  const callee = originOf(answer.publicKey);
  if (callee === expected && isSignedBy(answer.publicKey, calleeWords(callee, self, nonce), answer.signature)) return;
  throw new MootError('denied', 'what answers at that address is not the community it was', {
    hint: 'look its address up again, or disconnect it',
  });
}
