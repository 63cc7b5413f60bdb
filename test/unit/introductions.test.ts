import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readKeyLine } from '../../src/identity/key-line.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { callerWords } from '../../src/rpc/introduce-words.js';
import { Introductions } from '../../src/rpc/introductions.js';
import { toBuffer } from '../../src/wire/check.js';
import type { IntroduceRequest } from '../../src/wire/gen/moot/v1/federation.js';
import { rotatedAfter } from '../support/rotated.js';
import { StepClock } from '../support/step-clock.js';

const [callee, caller, other] = [createIdentity(), createIdentity(), createIdentity()];
const none = Buffer.alloc(0);

function first(identity: Identity): IntroduceRequest {
  return {
    publicKey: toBuffer(identity.publicKey),
    nonce: randomBytes(32),
    challenge: none,
    signature: none,
    name: '',
  };
}

function proof(identity: Identity, to: Identity, challenge: Buffer, more: Partial<IntroduceRequest> = {}) {
  const signature = toBuffer(identity.sign(callerWords(identity.id, to.id, challenge)));
  return { ...first(identity), challenge, signature, ...more };
}

function begin(clock = new StepClock()) {
  const introductions = new Introductions(callee, () => 'Callee', clock);
  return { clock, introductions, challenge: introductions.introduce(first(caller)).challenge };
}

describe('an introduction', () => {
  it('makes a key known when its challenge comes back signed', () => {
    const { introductions, challenge } = begin();
    expect(introductions.keyOf(caller.id)).toBeUndefined();
    const answer = introductions.introduce(proof(caller, callee, challenge));
    expect(answer).toMatchObject({ accepted: true, name: 'Callee' });
    expect(introductions.keyOf(caller.id)).toEqual(Uint8Array.from(caller.publicKey));
  });

  it('takes no proof that is late, another’s, made for another server, or over another challenge', () => {
    const { introductions, challenge, clock } = begin();
    const elsewhere = begin().challenge;
    const bad = [
      proof(other, callee, challenge),
      proof(caller, other, challenge),
      proof(caller, callee, elsewhere),
      proof(caller, callee, challenge, { publicKey: toBuffer(other.publicKey) }),
      proof(caller, callee, challenge, { signature: randomBytes(64) }),
      proof(caller, callee, Buffer.from(challenge).fill(7, 0, 8)),
      proof(caller, callee, challenge.subarray(1)),
      { ...first(caller), nonce: none },
      { ...first(caller), publicKey: randomBytes(31) },
    ];
    for (const request of bad) expect(() => introductions.introduce(request)).toThrow();
    clock.skip(30_001);
    expect(() => introductions.introduce(proof(caller, callee, challenge))).toThrow('too late');
    expect(introductions.keyOf(caller.id)).toBeUndefined();
    expect(introductions.keyOf(other.id)).toBeUndefined();
  });

  it('N5 is made with the newest key, as soon as that is known, and with no other', () => {
    const [, rotated = caller] = rotatedAfter(caller, [7]);
    const ring = new KeyRing();
    const introductions = new Introductions(callee, () => 'Callee', new StepClock(), ring);
    const introduce = (identity: Identity) =>
      introductions.introduce(proof(identity, callee, introductions.introduce(first(identity)).challenge));
    introduce(caller);
    expect(introductions.keyOf(caller.id)).toHaveLength(32);
    ring.accepts(caller.id, rotated.publicKey);
    expect(introductions.keyOf(caller.id)).toBeUndefined();
    expect(() => introduce(caller)).toThrow('replaced the key');
    introduce(rotated);
    expect(introductions.keyOf(caller.id)).toEqual(readKeyLine(rotated.publicKey)?.key);
  });

  it('is forgotten when it has not been used for an hour', () => {
    const { introductions, challenge, clock } = begin();
    introductions.introduce(proof(caller, callee, challenge));
    clock.skip(3_000_000);
    expect(introductions.keyOf(caller.id)).toBeDefined();
    clock.skip(3_000_000);
    expect(introductions.keyOf(caller.id)).toBeDefined();
    clock.skip(3_700_000);
    expect(introductions.keyOf(caller.id)).toBeUndefined();
  });
});
