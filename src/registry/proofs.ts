import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { placeOf } from '../core/address.js';
import type { Clock } from '../core/clock.js';
import { isMootError, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { ServerEntry } from '../core/server-entry.js';
import { Allowance } from './allowance.js';

/** Calls servers back. rpc/ does it over gRPC. */
export interface AddressProver {
  /**
   * Resolves when what answers at `address` has proved that it holds the key of `id`.
   * @param caller the host that asks for it: nothing is dialled that it could not dial itself.
   * @throws MootError `denied` when another answers, or that address is not dialled; `unavailable` when nobody does.
   */
  prove(id: OriginId, address: string, caller: string, signal: AbortSignal): Promise<void>;
}

/** How long one address may take to answer. */
const proofMs = 2000;
/** Addresses that are dialled at once; more wait, as many as a call may wait for. */
const atOnce = 16;
const mostWaiting = 1000;
/** An address that could not be proved is not dialled again for as long. */
const refusedMs = 5000;
const mostRemembered = 100_000;

/** That each server is where it says: its key is proved at every address, once, until its lease ends. */
export class Proofs {
  private readonly proved: LRUCache<string, true>;
  private readonly refused: LRUCache<string, MootError>;
  private readonly allowance: Allowance;
  private readonly turn = pLimit(atOnce);
  private readonly underWay = new Map<string, Promise<void>>();

  /** @param leaseMs for how long a proof holds that is not asked for again. */
  constructor(
    private readonly clock: Clock,
    private readonly prover: AddressProver,
    leaseMs: number,
  ) {
    // To the cache, an age that begins at 0 never ends.
    const perf = { now: () => clock.monotonic() + 1 };
    this.proved = new LRUCache({ max: mostRemembered, ttl: leaseMs, updateAgeOnGet: true, ttlResolution: 0, perf });
    this.refused = new LRUCache({ max: mostRemembered, ttl: refusedMs, ttlResolution: 0, perf });
    this.allowance = new Allowance(clock);
  }

  /**
   * @param caller the host that registers.
   * @throws MootError `denied` naming `addresses` and the address that was not proved; `full` when too many wait, or too
   * many addresses that `caller` named were nobody's.
   */
  async require({ id, addresses }: ServerEntry, caller: string): Promise<void> {
    await Promise.all(addresses.map((address) => this.requireOne(id, address, caller)));
  }

  private async requireOne(id: OriginId, address: string, caller: string): Promise<void> {
    const key = `${id} ${address}`;
    if (this.proved.get(key)) return;
    const before = this.refused.get(key);
    if (before) throw before;
    let work = this.underWay.get(key);
    if (!work) {
      if (this.turn.pendingCount >= mostWaiting)
        throw new MootError('full', 'this registry calls too many servers back now', { hint: 'again in 5 s' });
      work = this.turn(() => this.dial(key, id, address, caller)).finally(() => this.underWay.delete(key));
      this.underWay.set(key, work);
    }
    return work;
  }

  private async dial(key: string, id: OriginId, address: string, caller: string): Promise<void> {
    this.allowance.require(caller);
    const ending = new AbortController();
    const late = () => ending.abort(new MootError('timed_out', 'the address did not answer in time'));
    const disarm = this.clock.after(proofMs, late);
    try {
      await this.prover.prove(id, address, caller, ending.signal);
      this.proved.set(key, true);
    } catch (cause) {
      if (!isMootError(cause)) throw cause;
      this.allowance.spend(caller);
      const refusal = unproved(address, cause);
      this.refused.set(key, refusal);
      throw refusal;
    } finally {
      disarm();
    }
  }
}

function unproved(address: string, cause: MootError): MootError {
  const why = cause.code === 'denied' ? `: ${cause.message}` : '';
  return new MootError('denied', `the registry could not reach you at ${placeOf(address)}${why}`, {
    cause,
    field: 'addresses',
    hint: '--advertise HOST:PORT, where the registry and everybody else reach this server',
  });
}
