import { placeOf } from '../core/address.js';
import { codeOf, isMootError, MootError } from '../core/errors.js';
import { compareAges, type ServerEntry } from '../core/server-entry.js';
import { RegistryServiceService as service } from '../wire/gen/moot/v1/registry.js';
import { type Parts, toWireOptions } from './parts.js';
import { readListed } from './read-listed.js';
import type { OpenWatch } from './registry-watch.js';
import type { CallOptions } from './types.js';

/** All that is given must hold. */
export interface ServerFilter {
  /** The exact name, in any case. */
  readonly name?: string | undefined;
  /** The start of an id, at least 6 characters. */
  readonly idPrefix?: string | undefined;
  /** A topic it takes. */
  readonly topic?: string | undefined;
}

interface Listing {
  readonly entries: readonly ServerEntry[];
  /** What is listed besides, and is not what its server signed. */
  readonly unsigned: number;
}

/** One registry, by itself. */
export interface RegistryLook extends Listing {
  readonly address: string;
  readonly tookMs: number;
  /** Why it lists nothing. */
  readonly refused: MootError | undefined;
}

const pageSize = 1000;
/** A registry that never comes to an end is not followed for ever. */
const mostPages = 1000;

/** Several registries as one: each is asked, and of each server the newest entry counts. */
export class Registries {
  constructor(
    private readonly addresses: readonly string[],
    private readonly parts: Parts,
  ) {}

  /**
   * Everything that is listed, by name.
   * @throws MootError `unavailable` when no registry answers; one that does is enough.
   */
  async list(filter: ServerFilter = {}, options: CallOptions = {}): Promise<readonly ServerEntry[]> {
    const answers = await Promise.allSettled(this.addresses.map((address) => this.ask(address, filter, options)));
    if (options.signal?.aborted) throw new MootError('cancelled', 'the call was cancelled');
    const heard = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.entries] : []));
    if (heard.length === 0) throw this.nobody(answers);
    const newest = new Map<string, ServerEntry>();
    for (const entry of heard.flat()) {
      const known = newest.get(entry.id);
      if (!known || compareAges(entry, known) > 0) newest.set(entry.id, entry);
    }
    return [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  }

  /** What each of them lists by itself; those that do not answer say why. */
  look(options: CallOptions): Promise<readonly RegistryLook[]> {
    return Promise.all(
      this.addresses.map(async (address) => {
        const began = performance.now();
        const [answer] = await Promise.allSettled([this.ask(address, {}, options)]);
        const tookMs = Math.round(performance.now() - began);
        if (answer.status === 'rejected')
          return { address, entries: [], unsigned: 0, tookMs, refused: this.nobody([answer], [address]) };
        return { address, ...answer.value, tookMs, refused: undefined };
      }),
    );
  }

  /** How each of them is watched. */
  watches(filter: ServerFilter): ReadonlyMap<string, OpenWatch> {
    const { name = '', idPrefix = '', topic = '' } = filter;
    return new Map(
      this.addresses.map((address) => [
        address,
        (signal) =>
          this.parts.connections
            .to(address, 'feed')
            .serverStream(service.watchServers, { name, idPrefix, topic }, { signal }),
      ]),
    );
  }

  private async ask(address: string, filter: ServerFilter, options: CallOptions): Promise<Listing> {
    const channel = this.parts.connections.named(address, 'registry');
    const entries: ServerEntry[] = [];
    let unsigned = 0;
    let pageToken = '';
    for (let page = 0; page < mostPages; page += 1) {
      const { name = '', idPrefix = '', topic = '' } = filter;
      const request = { pageSize, pageToken, name, idPrefix, topic };
      const answer = await channel.unary(service.listServers, request, toWireOptions(this.parts, options));
      const read = answer.servers.flatMap((listed) => readListed(listed, this.parts.ring) ?? []);
      entries.push(...read);
      unsigned += answer.servers.length - read.length;
      pageToken = answer.nextPageToken;
      if (pageToken === '') break;
    }
    return { entries, unsigned };
  }

  private nobody(answers: readonly PromiseSettledResult<unknown>[], asked = this.addresses): MootError {
    const reasons = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as unknown) : undefined));
    const refusal = reasons.find((reason) => isMootError(reason) && !isAway(reason));
    if (isMootError(refusal)) return refusal;
    const which = asked.map(placeOf).join(', ');
    const sentence = asked.length === 1 ? `the registry ${which} does not answer` : `no registry of ${which} answers`;
    return new MootError('unavailable', sentence, {
      cause: reasons[0],
      field: 'registry',
      hint: 'start one: moot registry',
    });
  }
}

function isAway(error: MootError): boolean {
  return ['unavailable', 'timed_out'].includes(codeOf(error));
}
