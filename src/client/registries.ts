import { codeOf, isMootError, MootError } from '../core/errors.js';
import type { ServerEntry } from '../core/server-entry.js';
import { fromWireListed } from '../wire/convert-server-entry.js';
import { RegistryServiceService as service } from '../wire/gen/moot/v1/registry.js';
import { type Parts, toWireOptions } from './parts.js';
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

const pageSize = 1000;
/** A registry that never comes to an end is not followed for ever. */
const mostPages = 1000;

/** Several registries as one: each is asked, and of each server the entry with the highest counter counts. */
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
    const heard = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    if (heard.length === 0) throw this.nobody(answers);
    const newest = new Map<string, ServerEntry>();
    for (const entry of heard.flat()) {
      const known = newest.get(entry.id);
      if (!known || known.counter < entry.counter) newest.set(entry.id, entry);
    }
    return [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  }

  private async ask(address: string, filter: ServerFilter, options: CallOptions): Promise<ServerEntry[]> {
    const channel = this.parts.connections.to(address, 'registry');
    const entries: ServerEntry[] = [];
    let pageToken = '';
    for (let page = 0; page < mostPages; page += 1) {
      const { name = '', idPrefix = '', topic = '' } = filter;
      const request = { pageSize, pageToken, name, idPrefix, topic };
      const answer = await channel.unary(service.listServers, request, toWireOptions(this.parts, options));
      entries.push(...answer.servers.flatMap((listed) => readListed(listed)));
      pageToken = answer.nextPageToken;
      if (pageToken === '') break;
    }
    return entries;
  }

  private nobody(answers: readonly PromiseSettledResult<unknown>[]): MootError {
    const reasons = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as unknown) : undefined));
    const refusal = reasons.find((reason) => isMootError(reason) && !isAway(reason));
    if (isMootError(refusal)) return refusal;
    const which = this.addresses.join(', ');
    const sentence =
      this.addresses.length === 1 ? `the registry ${which} does not answer` : `no registry of ${which} answers`;
    return new MootError('unavailable', sentence, { cause: reasons[0], hint: 'start one: moot registry' });
  }
}

function isAway(error: MootError): boolean {
  return ['unavailable', 'timed_out'].includes(codeOf(error));
}

/** A registry is not believed: an entry that its server did not sign is as good as not there. */
function readListed(listed: Parameters<typeof fromWireListed>[0]): ServerEntry[] {
  try {
    const { entry } = fromWireListed(listed);
    return entry.addresses.length > 0 ? [entry] : [];
  } catch (error) {
    if (isMootError(error)) return [];
    throw error;
  }
}
