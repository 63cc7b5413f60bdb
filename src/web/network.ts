import { drawMap, type MapLink, type MapServer } from '../client/network-map.js';
import { placeOf } from '../core/address.js';
import type { Clock } from '../core/clock.js';
import type { Network, NetworkLink, NetworkServer } from './api.js';
import type { Listed } from './listed.js';
import type { Beat, Pulse } from './pulse.js';
import { toIso } from './to-json.js';

/** The network as it is listed, and as its servers answer. */
export class NetworkView {
  constructor(
    private readonly listed: Listed,
    private readonly pulse: Pulse,
    private readonly clock: Clock,
  ) {}

  now(): Network {
    const listed = this.listed.all();
    const told = listed.flatMap(({ id }) => {
      const links = this.pulse.of(id)?.links;
      return links ? [[id, links] as const] : [];
    });
    const standing = new Map(told);
    const known = listed.map((server) => ({ ...server, peers: this.pulse.linksOf(server) }));
    const map = drawMap({ listed: known, report: undefined, standing, missing: this.listed.missing() });
    const { cycles, cutPoints, missing } = map;
    const servers = map.servers.map((server) => this.server(server));
    const links = map.links.map((link) => this.link(link));
    return { asOf: toIso(this.clock.now()), servers, links, cycles, cutPoints, missing };
  }

  private server({ id, isListed }: MapServer): NetworkServer {
    const info = this.listed.info(id);
    const beat = this.pulse.of(id);
    return {
      id,
      name: info?.name ?? null,
      address: info ? placeOf(info.address) : null,
      state: isListed || beat ? stateOf(beat) : 'unknown',
      articles: beat?.articles ?? info?.articles ?? null,
      members: beat?.members ?? info?.members ?? null,
      topics: info?.topics ?? [],
      readable: info?.readable ?? null,
      admission: info?.admission ?? null,
      peering: info?.peering ?? null,
    };
  }

  private link({ from, to, load }: MapLink): NetworkLink {
    const silent = [from, to].find((id) => this.pulse.of(id)?.silence !== undefined);
    const lagMs = load?.lagMs ?? null;
    if (silent !== undefined) {
      const name = this.listed.info(silent)?.name ?? silent;
      return { from, to, state: 'down', lagMs, reason: `${name}: ${this.pulse.of(silent)?.silence}`, rate: null };
    }
    const state = load === undefined || load.state === 'unknown' ? 'unknown' : load.state === 'up' ? 'up' : 'down';
    const rate = state === 'up' ? (this.pulse.of(to)?.rate ?? null) : null;
    return { from, to, state, lagMs, reason: load?.reason || null, rate };
  }
}

function stateOf(beat: Beat | undefined): NetworkServer['state'] {
  if (!beat) return 'unknown';
  return beat.silence === undefined ? 'up' : 'down';
}
