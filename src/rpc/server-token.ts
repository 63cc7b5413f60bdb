import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import { isId, type OriginId } from '../core/ids.js';
import type { Identity } from '../identity/keys.js';

/** Loaded with the first token: a server without links needs none of it. */
const jose = () => import('jose');

const kind = 'moot-server+jwt';
const algorithm = 'EdDSA';
/** How long a token is good for, by the clock of the server it is for (DESIGN of the network, "Who may call what"). */
const lifeSeconds = 60;
/** The offset between two clocks is measured over a network, and tokens are dated in whole seconds. */
const toleranceSeconds = 2;
/** Tokens remembered as used; each is forgotten when it is stale anyway. */
const mostUsed = 200_000;

/** Makes the tokens of one server: each is for one call of one method of one other server. */
export class ServerTokens {
  private readonly key: KeyObject;

  constructor(private readonly identity: Identity) {
    this.key = createPrivateKey(identity.privatePem);
  }

  /** `calleeNowMs` is the time by the clock of `callee`. */
  async sign(callee: OriginId, method: string, calleeNowMs: number): Promise<string> {
    const { SignJWT } = await jose();
    const iat = Math.floor(calleeNowMs / 1000);
    return new SignJWT({ method })
      .setProtectedHeader({ alg: algorithm, typ: kind })
      .setIssuer(this.identity.id)
      .setAudience(callee)
      .setIssuedAt(iat)
      .setExpirationTime(iat + lifeSeconds)
      .setJti(randomBytes(16).toString('base64url'))
      .sign(this.key);
  }
}

/** Checks the tokens that other servers send to this one. */
export class ServerTokenChecker {
  private readonly used: LRUCache<string, true>;

  constructor(
    private readonly self: OriginId,
    private readonly keyOf: (caller: OriginId) => Uint8Array | undefined,
    private readonly clock: Clock,
  ) {
    // To the cache, an age that begins at 0 never ends.
    const perf = { now: () => clock.monotonic() + 1 };
    this.used = new LRUCache({
      // Not `max`, which takes the room for all of them at once.
      maxSize: mostUsed,
      sizeCalculation: () => 1,
      ttl: (lifeSeconds + 2 * toleranceSeconds) * 1000,
      ttlResolution: 0,
      perf,
    });
  }

  /** @returns who made it. @throws MootError `unauthenticated` for any token but a fresh one for this server and method. */
  async check(token: string, method: string): Promise<OriginId> {
    const issuer = await issuerOf(token);
    const key = this.keyOf(issuer);
    if (!key) throw refused('its maker has not introduced itself here');
    const { jti } = await this.verify(token, issuer, method, key);
    const use = `${issuer} ${jti}`;
    if (this.used.has(use)) throw refused('it was used before');
    this.used.set(use, true);
    return issuer;
  }

  private async verify(token: string, issuer: OriginId, method: string, key: Uint8Array): Promise<{ jti: string }> {
    const { jwtVerify } = await jose();
    const nowMs = this.clock.now();
    const { payload } = await jwtVerify(token, toKey(key), {
      algorithms: [algorithm],
      typ: kind,
      issuer,
      audience: this.self,
      currentDate: new Date(nowMs),
      maxTokenAge: lifeSeconds,
      clockTolerance: toleranceSeconds,
      requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti', 'method'],
    }).catch((cause: unknown) => {
      throw refused('it is stale, for another server, or not signed by its maker', cause);
    });
    if (payload.method !== method) throw refused('it is for another call');
    const { jti, iat = 0, exp = Number.POSITIVE_INFINITY } = payload;
    if (exp - iat > lifeSeconds) throw refused('it is good for too long');
    if (typeof jti !== 'string' || jti.length > 64) throw refused('it has no id');
    return { jti };
  }
}

async function issuerOf(token: string): Promise<OriginId> {
  const { decodeJwt } = await jose();
  // Decoders pass over spare bits and letters that mean nothing: one token would have many spellings.
  if (!token.split('.').every(isPlainBase64)) throw refused('it is none');
  try {
    const { iss = '' } = decodeJwt(token);
    if (isId(iss)) return iss;
  } catch (cause) {
    throw refused('it is none', cause);
  }
  throw refused('it is none');
}

function isPlainBase64(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function toKey(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function refused(why: string, cause?: unknown): MootError {
  return new MootError('unauthenticated', `the server token is refused: ${why}`, {
    cause,
    hint: 'introduce yourself first',
  });
}
