import { LRUCache } from 'lru-cache';
import type { Community, Moot, ServerInfo } from '../client/index.js';

/** Communities as those see them whose tokens the browsers show; each knows for a while who answers at its address. */
const most = 2000;
const keptMs = 10 * 60_000;

/** Who reads and writes through the gateway. It keeps no membership: each request brings its own, or none. */
export class People {
  private readonly known = new LRUCache<string, Promise<Community>>({ max: most, ttl: keptMs });

  constructor(private readonly moot: Moot) {}

  /** The community as the holder of `token` sees it, or as anyone may. Nothing is sent yet. */
  at(server: ServerInfo, token: string | undefined): Promise<Community> {
    const key = `${server.id} ${server.address} ${token ?? ''}`;
    const known = this.known.get(key) ?? this.open(server, token);
    this.known.set(key, known);
    return known;
  }

  private async open(server: ServerInfo, token: string | undefined): Promise<Community> {
    if (token === undefined) return this.moot.reader(server);
    return (await this.moot.forAnother({ server, token })).listedCommunity(server);
  }
}
