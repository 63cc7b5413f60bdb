import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import { fromId, type OriginId } from '../core/ids.js';
import { parseName } from '../core/name.js';
import { originOf } from '../identity/hash.js';
import { readKeyLine } from '../identity/key-line.js';
import { KeyRing } from '../identity/key-ring.js';
import { type Identity, isSignedBy } from '../identity/keys.js';
import { exactly, publicKeyIn, toBuffer } from '../wire/check.js';
import type { IntroduceRequest, IntroduceResponse } from '../wire/gen/moot/v1/federation.js';
import { calleeWords, callerWords } from './introduce-words.js';

/** How long a challenge may be answered (proto of the network, message `IntroduceResponse`). */
const challengeMs = 30_000;
/** Servers that are remembered: who is forgotten introduces itself again. */
const mostKnown = 10_000;
const knownMs = 3_600_000;

interface Known {
  readonly key: Uint8Array;
  readonly name: string;
}

/** The servers that have proved their key to this one. Nothing is kept of a caller that has proved nothing. */
export class Introductions {
  private readonly known: LRUCache<OriginId, Known>;
  /** Makes challenges that need no memory: only this process can have made them. */
  private readonly secret = randomBytes(32);

  constructor(
    private readonly identity: Identity,
    private readonly name: () => string,
    private readonly clock: Clock = systemClock,
    private readonly ring = new KeyRing(),
  ) {
    this.known = new LRUCache({
      max: mostKnown,
      ttl: knownMs,
      updateAgeOnGet: true,
      // To the cache, an age that begins at 0 never ends.
      perf: { now: () => clock.monotonic() + 1 },
      ttlResolution: 0,
    });
  }

  /** The public key of a server that has introduced itself, raw; undefined as soon as it is known to be replaced. */
  keyOf(caller: OriginId): Uint8Array | undefined {
    const key = this.known.get(caller)?.key;
    return key && this.ring.accepts(caller, key) ? readKeyLine(key)?.key : undefined;
  }

  /** What a server that has introduced itself calls itself; '' where it did not say. */
  nameOf(caller: OriginId): string {
    return this.known.get(caller)?.name ?? '';
  }

  /**
   * Answers either call of an introduction.
   * @throws MootError `invalid` for a malformed request, `unauthenticated` for a proof that is none, or
   * comes too late, or is made with a key that was replaced.
   */
  introduce({ publicKey, nonce, challenge, signature, name }: IntroduceRequest): IntroduceResponse {
    const caller = originOf(publicKeyIn(publicKey));
    exactly(nonce, 32, 'nonce');
    if (name !== '') parseName(name);
    const isProof = challenge.length > 0;
    if (isProof) {
      this.requireOwnChallenge(caller, challenge);
      if (!isSignedBy(publicKey, callerWords(caller, this.identity.id, challenge), signature))
        throw new MootError('unauthenticated', 'the challenge was not signed with the key that was named');
      if (!this.ring.accepts(caller, publicKey)) throw replaced();
      this.known.set(caller, { key: Uint8Array.from(publicKey), name });
    }
    return {
      publicKey: toBuffer(this.identity.publicKey),
      challenge: isProof ? Buffer.alloc(0) : this.challengeFor(caller),
      signature: toBuffer(this.identity.sign(calleeWords(this.identity.id, caller, nonce))),
      timeMs: BigInt(Math.round(this.clock.now())),
      name: this.name(),
      accepted: isProof,
    };
  }

  /** When it was made (8 bytes), what makes it unique (16), and that this process made it for `caller` (32). */
  private challengeFor(caller: OriginId): Buffer {
    const made = Buffer.alloc(8);
    made.writeDoubleBE(this.clock.monotonic());
    const head = Buffer.concat([made, randomBytes(16)]);
    return Buffer.concat([head, this.markOf(caller, head)]);
  }

  private requireOwnChallenge(caller: OriginId, challenge: Uint8Array): void {
    const bytes = toBuffer(exactly(challenge, 56, 'challenge'));
    const head = bytes.subarray(0, 24);
    if (!timingSafeEqual(bytes.subarray(24), this.markOf(caller, head)))
      throw new MootError('unauthenticated', 'the challenge is not one that this server gave this caller');
    if (this.clock.monotonic() - head.readDoubleBE(0) > challengeMs)
      throw new MootError('unauthenticated', 'the challenge was answered too late', { hint: 'begin again' });
  }

  private markOf(caller: OriginId, head: Uint8Array): Buffer {
    return createHmac('sha256', this.secret).update(fromId(caller)).update(head).digest();
  }
}

function replaced(): MootError {
  return new MootError('unauthenticated', 'that community has replaced the key you show', {
    hint: 'run the copy of its data folder that has the new key',
  });
}
