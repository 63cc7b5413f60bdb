import type { MapLink, MapServer, NetworkMap } from '../../client/index.js';

/** The map as scripts read it; absent is null. */
export function mapLine(map: NetworkMap): object {
  const { cycles, cutPoints, components, unreachable, walk } = map;
  return {
    servers: map.servers.map(serverObject),
    links: map.links.map(linkObject),
    cycles,
    cutPoints,
    components,
    unreachable: unreachable ?? null,
    walk: walk ?? null,
  };
}

function serverObject({ id, name, address, isListed, articles, members, row }: MapServer): object {
  return {
    id,
    name: name ?? null,
    address: address ?? null,
    listed: isListed ?? null,
    articles: articles ?? null,
    members: members ?? null,
    outcome: row?.outcome ?? null,
    hop: row?.hop ?? null,
    via: row?.via || null,
    tookMs: row?.tookMs ?? null,
    ageMs: row?.ageMs ?? null,
    reason: row?.reason || null,
  };
}

function linkObject({ from, to, isWalked, load }: MapLink): object {
  return {
    from,
    to,
    walked: isWalked,
    state: load?.state ?? null,
    lagMs: load?.lagMs ?? null,
    reason: load?.reason || null,
  };
}
