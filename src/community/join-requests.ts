import { v7 as uuid } from 'uuid';
import type { Clock } from '../core/clock.js';
import { invalid, MootError } from '../core/errors.js';
import { type JoinRequest, parseMeant } from '../core/moderation.js';
import { foldName } from '../core/name.js';
import { hashKey } from '../identity/tokens.js';

/** Anyone may ask, so what they leave is bounded. */
const mostWaiting = 1000;
/** How many are told why they were refused, and for how long. */
const mostRefused = 1000;
const refusedMs = 30 * 86_400_000;

/** In a refusal. */
const mostNamed = 5;

/** Who asked to join. A request holds no name: it is looked at when somebody says yes. */
export class JoinRequests {
  /** In the order in which they came. */
  private readonly waitingById = new Map<string, JoinRequest>();
  /** In the order in which they were refused. */
  private readonly refusedById = new Map<string, JoinRequest>();
  private readonly byHash = new Map<string, JoinRequest>();

  constructor(
    requests: readonly JoinRequest[],
    private readonly clock: Clock,
  ) {
    this.become(requests);
  }

  /** What another replica has made of them. */
  become(requests: readonly JoinRequest[]): void {
    for (const each of [this.waitingById, this.refusedById, this.byHash]) each.clear();
    for (const request of [...requests].sort((a, b) => (a.refusedAtMs ?? 0) - (b.refusedAtMs ?? 0))) this.put(request);
  }

  waiting(): readonly JoinRequest[] {
    return [...this.waitingById.values()];
  }

  /** Refusals that nobody has to know of any longer. */
  over(): readonly JoinRequest[] {
    const before = this.clock.now() - refusedMs;
    const surplus = this.refusedById.size - mostRefused;
    return [...this.refusedById.values()].filter(({ refusedAtMs = 0 }, at) => at < surplus || refusedAtMs < before);
  }

  /** @returns one that is kept nowhere yet. @throws MootError `full`. */
  draft(name: string, tokenHash: Uint8Array): JoinRequest {
    if (this.waitingById.size >= mostWaiting)
      throw new MootError('full', `${mostWaiting} others wait to be let in`, { hint: 'ask again later' });
    return { id: uuid(), name, tokenHash, askedAtMs: this.clock.now(), refusedAtMs: undefined, reason: '' };
  }

  /** A new one, or one that is refused now. */
  put(request: JoinRequest): void {
    this.remove(request.id);
    (request.refusedAtMs === undefined ? this.waitingById : this.refusedById).set(request.id, request);
    this.byHash.set(hashKey(request.tokenHash), request);
  }

  remove(id: string): void {
    const request = this.waitingById.get(id) ?? this.refusedById.get(id);
    if (request) this.byHash.delete(hashKey(request.tokenHash));
    this.waitingById.delete(id);
    this.refusedById.delete(id);
  }

  ofToken(hash: Uint8Array): JoinRequest | undefined {
    return this.byHash.get(hashKey(hash));
  }

  /** One that waits, by its id or by the name that was asked for. @throws MootError `not_found`; `invalid` listing the ids. */
  get(who: string): JoinRequest {
    parseMeant('who', who);
    const named = this.waiting().filter(({ id, name }) => id === who || foldName(name) === foldName(who));
    const [only, another] = named;
    if (another) {
      const ids = named.slice(0, mostNamed).map(({ id }) => id);
      throw invalid(
        'who',
        `${named.length} ask to be ${who}: ${ids.join(', ')}${ids.length < named.length ? ' …' : ''}`,
        'name the id',
      );
    }
    if (!only)
      throw new MootError('not_found', `nobody waits as ${who}`, { field: 'who', hint: 'moot requests SERVER' });
    return only;
  }
}
