import type { Community, ServerInfo } from '../client/index.js';
import { codeOf, MootError } from '../core/errors.js';
import { isAny, type Listed } from './listed.js';
import type { People } from './people.js';
import type { Pulse } from './pulse.js';

export interface Asked {
  readonly server: ServerInfo;
  readonly community: Community;
}

/** Of `any`: so many are tried when one does not answer. */
const tries = 3;

/** The communities that a path can name: what is listed, and `any` of them that anyone may read. */
export class Communities {
  private order: readonly ServerInfo[] | undefined;
  /** The round of the pulse that the order knows of. */
  private orderMs = Number.NaN;

  constructor(
    private readonly listed: Listed,
    private readonly people: People,
    private readonly pulse: Pulse,
  ) {
    listed.onChange(() => {
      this.order = undefined;
    });
  }

  /** @throws MootError `not_found`, `invalid`, or `unavailable` while no registry has said what there is. */
  async open(name: string, token: string | undefined): Promise<Asked> {
    const server = await this.listed.find(name);
    return { server, community: await this.people.at(server, token) };
  }

  /** Asks what `name` means; for `any` the next one where one does not answer. `work` may run again. */
  async ask<T>(name: string, token: string | undefined, work: (asked: Asked) => Promise<T>): Promise<T> {
    if (!isAny(name)) return work(await this.open(name, token));
    let failure: unknown = new MootError('unauthenticated', 'no community that is listed can be read by anyone', {
      hint: 'join one, and read there',
    });
    for (const server of (await this.readable()).slice(0, tries)) {
      try {
        return await work({ server, community: await this.people.at(server, undefined) });
      } catch (error) {
        if (!['unavailable', 'timed_out'].includes(codeOf(error))) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  /** Those that anyone may read: who reaches most communities first, who is known to be silent last. */
  private async readable(): Promise<readonly ServerInfo[]> {
    await this.listed.ready();
    if (this.orderMs !== this.pulse.asOfMs) this.order = undefined;
    this.orderMs = this.pulse.asOfMs;
    this.order ??= this.byReach();
    const isSilent = ({ id }: ServerInfo): boolean => this.pulse.of(id)?.silence !== undefined;
    return [...this.order.filter((server) => !isSilent(server)), ...this.order.filter(isSilent)];
  }

  private byReach(): readonly ServerInfo[] {
    const servers = this.listed.all();
    const linksOf = new Map(servers.map((server) => [server.id, this.pulse.linksOf(server)]));
    const reach = new Map(servers.map(({ id }) => [id, reached(id, linksOf)]));
    return servers
      .filter(({ readable }) => readable === 'public')
      .sort((a, b) => (reach.get(b.id) ?? 0) - (reach.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1));
  }
}

function reached(from: string, linksOf: ReadonlyMap<string, readonly string[]>): number {
  const seen = new Set([from]);
  for (const id of seen) for (const peer of linksOf.get(id) ?? []) seen.add(peer);
  return seen.size;
}
