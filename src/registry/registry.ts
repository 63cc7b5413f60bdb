import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import { foldName } from '../core/name.js';
import type { ListedServer, ServerEntry, SignedServerEntry } from '../core/server-entry.js';
import { covers } from '../core/topic.js';
import { Claims } from './claims.js';
import { comparePlaces, Leases, type Listing, type Place } from './leases.js';
import { type Listed, type ListRequest, parseListRequest, type ServerPage, toPageToken } from './page.js';
import { parseFarewell, parseServerEntry } from './parse-server-entry.js';

export interface RegistryOptions {
  /** How long an entry is listed. Longer bears more lost renewals; shorter forgets the dead sooner. Default 15 s. */
  readonly leaseMs?: number;
  /** Default: no limit. */
  readonly maxServers?: number;
  /** How many keys are remembered with their names and counters after their leases. Default 100,000. */
  readonly maxRemembered?: number;
  /** What all listed entries may weigh together, in bytes. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** DESIGN of the network, "The registry": a name stays its key's for 30 days after its lease. */
const nameHoldMs = 30 * 24 * 3_600_000;
/** A page ends here even when it holds fewer than were asked for, so that a reader can bound what it receives. */
const pageBytes = 1024 * 1024;

/**
 * Which servers there are, by their own signed word. All of it is soft state: an empty registry is whole again when every
 * server has renewed once. Leases run on the monotonic clock, so a step of the machine's date ends none.
 */
export class Registry {
  private readonly leases = new Leases();
  private readonly claims: Claims;
  private readonly leaseMs: number;
  private readonly maxServers: number;
  private readonly maxBytes: number;

  constructor(
    private readonly clock: Clock,
    options: RegistryOptions = {},
  ) {
    this.leaseMs = options.leaseMs ?? 15_000;
    this.maxServers = options.maxServers ?? Number.POSITIVE_INFINITY;
    this.maxBytes = options.maxBytes ?? 256 * 1024 * 1024;
    this.claims = new Claims(options.maxRemembered ?? 100_000);
  }

  /**
   * Lists a server, or renews it, until a lease from now. `entry` is what the bytes in `signed` say, and its signature has
   * been checked. The very bytes that are listed may come again: they are answered as before, and renew nothing.
   * @returns milliseconds until the caller should renew: a third of the lease, so that two lost renewals do no harm.
   * @throws MootError `invalid` naming the field, `gone` when the counter is not above the newest known, `already_exists`
   * naming `name` when another key holds the name, `full` when no more servers may be listed.
   */
  register(entry: ServerEntry, signed: SignedServerEntry): { renewAfterMs: number } {
    parseServerEntry(entry, signed);
    const nowMs = this.clock.monotonic();
    const answer = { renewAfterMs: Math.ceil(this.leaseMs / 3) };
    const listing = this.leases.get(entry.id, nowMs);
    if (listing && isSame(listing.signed.entry, signed.entry)) return answer;
    this.requireNewer(entry, nowMs);
    const folded = foldName(entry.name);
    const holder = this.claims.holderOf(folded, nowMs);
    if (holder !== undefined && holder !== entry.id) throw taken(entry.name, holder);
    this.requireRoom(listing, signed.entry.length, nowMs);
    const expiresMs = nowMs + this.leaseMs;
    this.leases.put({ entry, signed, folded, renewedMs: nowMs, expiresMs });
    this.claims.hold(entry.id, entry.counter, folded, expiresMs + nameHoldMs, (id) => !!this.leases.get(id, nowMs));
    return answer;
  }

  /**
   * Takes a server off the list at once; its name stays its own. `entry` is newer than the one that is listed, and has no
   * addresses. One that is not listed is left as it is.
   * @throws MootError `invalid` naming the field, `gone` when the counter is not above the newest known.
   */
  deregister(entry: ServerEntry, signed: SignedServerEntry): void {
    parseFarewell(entry, signed);
    const nowMs = this.clock.monotonic();
    const isAgain = !this.leases.get(entry.id, nowMs) && this.claims.counterOf(entry.id, nowMs) === entry.counter;
    if (isAgain) return;
    this.requireNewer(entry, nowMs);
    this.leases.remove(entry.id);
    this.claims.raise(entry.id, entry.counter);
  }

  /**
   * The listed servers by name, a page at a time. Who stays listed while the pages are read is on exactly one of them.
   * @throws MootError `invalid` naming the field.
   */
  list(request: ListRequest): ServerPage {
    const asked = parseListRequest(request);
    const nowMs = this.clock.monotonic();
    const places = this.leases.places(nowMs);
    const servers: ListedServer[] = [];
    let bytes = 0;
    let last: Place | undefined;
    for (let at = firstAfter(places, startOf(asked)); at < places.length; at += 1) {
      const place = places[at];
      const listing = place && this.leases.get(place.id, nowMs);
      if (!listing || (asked.folded !== undefined && place.folded > asked.folded)) break;
      if (!isAsked(asked, listing)) continue;
      bytes += listing.signed.entry.length;
      if (last && (servers.length === asked.pageSize || bytes > pageBytes))
        return { servers, nextPageToken: toPageToken(last) };
      servers.push(this.dated(listing, nowMs));
      last = place;
    }
    return { servers, nextPageToken: '' };
  }

  private requireNewer(entry: ServerEntry, nowMs: number): void {
    const newest = this.claims.counterOf(entry.id, nowMs);
    if (entry.counter > newest) return;
    const sentence = `counter ${entry.counter} is not above ${newest}, the newest known of this server`;
    throw new MootError('gone', sentence, { field: 'counter' });
  }

  private requireRoom(listing: Listing | undefined, entryBytes: number, nowMs: number): void {
    const { servers, bytes } = this.leases.size(nowMs);
    if (!listing && servers >= this.maxServers)
      throw new MootError('full', `this registry is full: it lists at most ${this.maxServers}`);
    if (bytes - (listing?.signed.entry.length ?? 0) + entryBytes > this.maxBytes)
      throw new MootError('full', 'this registry has no room for an entry of this size now');
  }

  private dated({ entry, signed, renewedMs, expiresMs }: Listing, nowMs: number): ListedServer {
    const now = this.clock.now();
    return {
      entry,
      signed,
      renewedAtMs: Math.round(now - (nowMs - renewedMs)),
      expiresAtMs: Math.round(now + (expiresMs - nowMs)),
    };
  }
}

function taken(name: string, holder: string): MootError {
  const sentence = `the name "${name}" belongs to the server ${holder.slice(0, 12)}`;
  return new MootError('already_exists', sentence, { field: 'name', hint: 'choose another name' });
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

// An exact name stands in one place, or nowhere: start there.
function startOf({ after, folded }: Listed): Place | undefined {
  const named = folded === undefined ? undefined : { folded, id: '' };
  return named && (!after || comparePlaces(after, named) < 0) ? named : after;
}

/** The index of the first place past `after`, by halving. */
function firstAfter(places: readonly Place[], after: Place | undefined): number {
  let low = 0;
  let high = after ? places.length : 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = places[middle];
    if (place && after && comparePlaces(place, after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isAsked({ folded, idPrefix, topic }: Listed, { entry, folded: name }: Listing): boolean {
  if (folded !== undefined && folded !== name) return false;
  if (!entry.id.startsWith(idPrefix)) return false;
  return topic === undefined || entry.topics.length === 0 || entry.topics.some((taken) => covers(taken, topic));
}
