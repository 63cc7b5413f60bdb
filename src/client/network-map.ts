import type { OriginId } from '../core/ids.js';
import { components, cutPoints, linkGraph, outOfReach, strongComponents } from '../core/link-graph.js';
import type { LinkLoad } from '../core/load.js';
import type { Report, Row } from '../core/row.js';
import type { ServerInfo } from './types.js';

/** A server that is listed, or that a link names. What is not known is undefined. */
export interface MapServer {
  readonly id: OriginId;
  readonly name: string | undefined;
  readonly address: string | undefined;
  /** Undefined when no registry could be asked. */
  readonly isListed: boolean | undefined;
  readonly articles: number | undefined;
  readonly members: number | undefined;
  /** What became of it in the walk. */
  readonly row: Row | undefined;
}

/** `from` has the articles of `to`. */
export interface MapLink {
  readonly from: OriginId;
  readonly to: OriginId;
  /** The walk came to `to` this way. */
  readonly isWalked: boolean;
  /** What `from` says of it, where it was asked: `state` is `up`, `down` or `unknown`. */
  readonly load: LinkLoad | undefined;
}

export interface Walk {
  readonly from: OriginId;
  readonly complete: boolean;
  readonly rounds: number;
  readonly calls: number;
}

/** The network as it is now, and what follows from its links. Servers that only links name are in no group and no cycle. */
export interface NetworkMap {
  readonly servers: readonly MapServer[];
  readonly links: readonly MapLink[];
  /** Two servers or more that all reach each other. */
  readonly cycles: readonly (readonly OriginId[])[];
  /** Servers whose loss cuts somebody from somebody who is reached today. */
  readonly cutPoints: readonly OriginId[];
  /** Groups with no link between them. */
  readonly components: readonly (readonly OriginId[])[];
  /** Nobody of `from` reaches anybody of `to`; undefined where it would be over 100,000 ids. */
  readonly unreachable: readonly { readonly from: readonly OriginId[]; readonly to: readonly OriginId[] }[] | undefined;
  readonly walk: Walk | undefined;
  /** Sentences: what could not be asked, and why. */
  readonly missing: readonly string[];
}

export interface MapSources {
  /** Undefined: no registry answered. */
  readonly listed: readonly ServerInfo[] | undefined;
  readonly report: Report | undefined;
  /** What servers said of their links, by who said it. */
  readonly standing: ReadonlyMap<OriginId, readonly LinkLoad[]>;
  readonly missing: readonly string[];
}

/** Puts together what is listed and what a walk brought. Of a server that answered, its own row knows its links best. */
export function drawMap({ listed: found, report, standing, missing }: MapSources): NetworkMap {
  const listed = found ?? [];
  const rows = new Map((report?.rows ?? []).map((row) => [row.serverId, row]));
  const infos = new Map(listed.map((info) => [info.id, info]));
  const linksOf = new Map(listed.map(({ id, peers }) => [id, peers]));
  for (const row of rows.values()) if (row.outcome === 'ANSWERED') linksOf.set(row.serverId, row.links);
  const ids = [...new Set([...linksOf.keys(), ...rows.keys(), ...[...linksOf.values()].flat()])];
  const links = [...linksOf].flatMap(([from, all]) =>
    [...new Set(all)].map((to) => ({
      from,
      to,
      isWalked: rows.get(to)?.via === from,
      load: standing.get(from)?.find(({ id }) => id === to),
    })),
  );
  const known = [...linksOf.keys()];
  const numbers = new Map(known.map((id, at) => [id, at]));
  const graph = linkGraph(
    known.length,
    links.flatMap(({ from, to }) => {
      const [a, b] = [numbers.get(from), numbers.get(to)];
      return a === undefined || b === undefined ? [] : [[a, b] as const];
    }),
  );
  const named = (group: readonly number[]): readonly OriginId[] => group.flatMap((at) => known[at] ?? []);
  const [first] = report?.rows ?? [];
  return {
    servers: ids.map((id) => toServer(id, infos.get(id), rows.get(id), found && infos.has(id))),
    links,
    cycles: strongComponents(graph)
      .filter(({ length }) => length > 1)
      .map(named),
    cutPoints: named(cutPoints(graph)),
    components: components(graph).map(named),
    unreachable: outOfReach(graph)?.map(({ from, to }) => ({ from: named(from), to: named(to) })),
    walk: report &&
      first && { from: first.serverId, complete: report.complete, rounds: report.rounds, calls: report.calls },
    missing,
  };
}

function toServer(
  id: OriginId,
  info: ServerInfo | undefined,
  row: Row | undefined,
  isListed: boolean | undefined,
): MapServer {
  const name = info?.name ?? row?.name;
  return {
    id,
    name: name === '' ? undefined : name,
    address: info?.address,
    isListed,
    articles: info?.articles,
    members: info?.members,
    row,
  };
}
