import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { foldName } from '../core/name.js';
import { compareAges, type ListedServer, type ServerEntry, type SignedServerEntry } from '../core/server-entry.js';
import { KeyRing } from '../identity/key-ring.js';
import { Claims } from './claims.js';
import { comparePlaces, Leases, type Listing, type Place } from './leases.js';
import {
  isAsked,
  type Listed,
  type ListRequest,
  parseListRequest,
  type ServerFilter,
  type ServerPage,
  toPageToken,
} from './page.js';
import { parseFarewell, parseServerEntry } from './parse-server-entry.js';
import { Watchers, type WatchFrame } from './watchers.js';

export interface RegistryOptions {
  /** How long an entry is listed. Longer bears more lost renewals; shorter forgets the dead sooner. Default 15 s. */
  readonly leaseMs?: number;
  /** Default: no limit. */
  readonly maxServers?: number;
  /** How many keys are remembered with their names and counters after their leases. Default 100,000. */
  readonly maxRemembered?: number;
  /** What all listed entries may weigh together, in bytes. Default 256 MiB. */
  readonly maxBytes?: number;
  /** How many may watch at once; each costs a few words for each listed server. Default 1,000. */
  readonly maxWatchers?: number;
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
  private readonly leases = new Leases((id) => this.watchers.note(id));
  private readonly watchers: Watchers;
  private readonly claims: Claims;
  private readonly ring: KeyRing;
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
    const maxRemembered = options.maxRemembered ?? 100_000;
    this.claims = new Claims(maxRemembered);
    this.ring = new KeyRing(() => undefined, maxRemembered);
    const list = {
      get: (id: OriginId) => {
        const nowMs = clock.monotonic();
        const listing = this.leases.get(id, nowMs);
        return listing && { ...listing, listed: () => this.dated(listing, nowMs) };
      },
      ids: () => this.leases.places(clock.monotonic()).map(({ id }) => id),
      firstEndMs: () => this.leases.firstEndMs(clock.monotonic()),
    };
    this.watchers = new Watchers(list, clock, options.maxWatchers ?? 1000);
  }

  /**
   * Lists a server, or renews it, until a lease from now. `entry` is what the bytes in `signed` say, and its signature has
   * been checked. The very bytes that are listed may come again: they are answered as before, and renew nothing.
   * @returns milliseconds until the caller should renew: a third of the lease, so that two lost renewals do no harm.
   * @throws MootError `invalid` naming the field, `gone` when the counter is not above the newest known, `denied`
   * for a key that was replaced, `already_exists`
   * naming `name` when another key holds the name, `full` when no more servers may be listed.
   */
  register(entry: ServerEntry, signed: SignedServerEntry): { renewAfterMs: number } {
    const nowMs = this.clock.monotonic();
    const answer = { renewAfterMs: Math.ceil(this.leaseMs / 3) };
    if (!this.isNews(entry, signed, nowMs)) return answer;
    const folded = foldName(entry.name);
    const expiresMs = nowMs + this.leaseMs;
    this.leases.put({ entry, signed, folded, renewedMs: nowMs, expiresMs });
    this.claims.hold(entry, folded, expiresMs + nameHoldMs, (id) => !!this.leases.get(id, nowMs));
    return answer;
  }

  /** Whether `register` would change what is listed; it changes nothing itself. @throws MootError as `register` does. */
  isNews(entry: ServerEntry, signed: SignedServerEntry, nowMs = this.clock.monotonic()): boolean {
    parseServerEntry(entry, signed);
    const listing = this.leases.get(entry.id, nowMs);
    if (listing && isSame(listing.signed.entry, signed.entry)) return false;
    this.requireNewer(entry, signed, nowMs);
    const holder = this.claims.holderOf(foldName(entry.name), nowMs);
    if (holder !== undefined && holder !== entry.id) throw taken(entry.name, holder);
    this.requireRoom(listing, signed.entry.length, nowMs);
    return true;
  }

  /**
   * Takes a server off the list at once; its name stays its own. `entry` is newer than the one that is listed, and has no
   * addresses. One that is not listed is left as it is.
   * @throws MootError `invalid` naming the field, `gone` when the counter is not above the newest known.
   */
  deregister(entry: ServerEntry, signed: SignedServerEntry): void {
    parseFarewell(entry, signed);
    const nowMs = this.clock.monotonic();
    const newest = this.claims.newestOf(entry.id, nowMs);
    const isAgain = !this.leases.get(entry.id, nowMs) && newest && compareAges(newest, entry) === 0;
    if (isAgain) return;
    this.requireNewer(entry, signed, nowMs);
    this.leases.remove(entry.id);
    this.claims.raise(entry);
  }

  get listed(): number {
    return this.leases.size(this.clock.monotonic()).servers;
  }

  get watching(): number {
    return this.watchers.size;
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

  /**
   * What is listed, then what changes, until the signal fires. It listens from the call on, not from when it is first read.
   * @throws MootError `invalid` naming the field, `full` when too many watch.
   */
  watch(filter: ServerFilter, signal: AbortSignal): AsyncIterable<WatchFrame> {
    const asked = parseListRequest({ ...filter, pageSize: 0, pageToken: '' });
    return this.watchers.watch((listing) => isAsked(asked, listing), signal);
  }

  private requireNewer(entry: ServerEntry, signed: SignedServerEntry, nowMs: number): void {
    if (!this.ring.accepts(entry.id, signed.publicKey))
      throw new MootError('denied', 'this server has replaced the key that signed the entry', { field: 'server' });
    const newest = this.claims.newestOf(entry.id, nowMs);
    if (!newest || compareAges(entry, newest) > 0) return;
    const sentence = `counter ${entry.counter} is not above ${newest.counter}, the newest known of this server`;
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
