import type { MapServer, NetworkMap } from '../../client/index.js';
import { linkWords, namesOf, outcomeWords } from './map-words.js';
import { oneLine } from './plain.js';
import { type Column, table } from './table.js';
import { cutTo } from './width.js';

/** The map for people: a row for each server, then what follows from the links, a line for each thing. */
export function mapTable(map: NetworkMap, columns: number): string {
  const lines = sentences(map).map((line) => `${cutTo(line, columns)}\n`);
  return table(columnsFor(map), map.servers, columns) + lines.join('');
}

function columnsFor(map: NetworkMap): readonly Column<MapServer>[] {
  const nameOf = namesOf(map);
  const linksOf = new Map<string, string[]>();
  for (const link of map.links) {
    const words = linkWords(link);
    const to = nameOf(link.to) + (words === '' ? '' : ` (${words})`);
    linksOf.set(link.from, [...(linksOf.get(link.from) ?? []), to]);
  }
  const walked: readonly Column<MapServer>[] = [
    { head: 'OUTCOME', text: (server) => outcomeWords(server) || 'not reached' },
    { head: 'VIA', text: ({ row }) => (row && row.via !== '' ? nameOf(row.via) : '–') },
  ];
  return [
    { head: 'NAME', text: ({ id }) => nameOf(id) },
    { head: 'ADDRESS', text: ({ address, isListed }) => address ?? (isListed === false ? 'not listed' : '–') },
    ...(map.walk ? walked : []),
    { head: 'ARTICLES', text: ({ articles }) => (articles === undefined ? '–' : String(articles)), right: true },
    { head: 'MEMBERS', text: ({ members }) => (members === undefined ? '–' : String(members)), right: true },
    { head: 'LINKS TO', text: ({ id }) => `→ ${linksOf.get(id)?.join(', ') ?? 'nobody'}` },
  ];
}

/** Servers that a sentence names; JSON names all. */
const mostNamed = 12;

function sentences(map: NetworkMap): readonly string[] {
  const nameOf = namesOf(map);
  const names = (ids: readonly string[]): string => {
    const more = ids.length - mostNamed;
    const first = ids.slice(0, mostNamed).map(nameOf).join(', ');
    return more > 0 ? `${first} and ${more} more` : first;
  };
  const { servers, links, cycles, cutPoints, components, unreachable, walk } = map;
  const unlisted = servers.filter(({ isListed }) => isListed === false).map(({ id }) => id);
  const apart = components.length > 1 ? [`parts with no link between them: ${components.length}`] : [];
  const lost = unreachable?.map(({ from, to }) => `out of reach of ${names(from)}: ${names(to)}`) ?? [
    'out of reach: more than can be named here',
  ];
  const failed = servers.flatMap(({ id, row }) =>
    row && row.reason !== '' ? [`${nameOf(id)}: ${row.outcome.toLowerCase()} — ${oneLine(row.reason)}`] : [],
  );
  return [
    '',
    `${counted(servers.length, 'server')}, ${counted(links.length, 'link')}`,
    ...cycles.map((cycle) => `cycle of ${cycle.length}: ${names(cycle)}`),
    `cut points: ${names(cutPoints) || 'none; whoever is lost, nobody else is cut off'}`,
    ...apart,
    ...(lost.length === 0 ? ['out of reach: nobody'] : lost),
    ...(unlisted.length === 0 ? [] : [`linked to, but not listed: ${names(unlisted)}`]),
    ...(walk
      ? [
          `walked from ${nameOf(walk.from)}: ${counted(walk.calls, 'call')}, ${counted(walk.rounds, 'round')}; ${walk.complete ? 'complete' : 'not complete'}`,
        ]
      : []),
    ...failed,
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
