import type { LinkLoad, MapLink, MapServer, NetworkMap } from '../../client/index.js';
import { oneLine } from './plain.js';
import { roughly } from './time.js';

/** Names by ids, as one line each; the start of the id where no name is known. */
export function namesOf({ servers }: NetworkMap): (id: string) => string {
  const names = new Map(servers.map(({ id, name = '' }) => [id, oneLine(name)]));
  return (id) => names.get(id) || `${id.slice(0, 12)}…`;
}

/** A lag that is worth a word: below that it is the time between two heartbeats. */
const noLagMs = 1000;

/** How a link stands, where that is more than that it is there: `down`, `3 s behind`. */
export function linkWords({ load }: MapLink): string {
  return load ? standing(load) : '';
}

function standing({ state, lagMs = 0 }: LinkLoad): string {
  const behind = lagMs < noLagMs ? '' : `${roughly(lagMs)} behind`;
  return [state === 'down' ? 'down' : '', behind].filter((word) => word !== '').join(', ');
}

/** A link and how it stands: `Workshop (down, 5 s behind)`. */
export function namedLink(load: LinkLoad): string {
  const words = standing(load);
  return `${oneLine(load.name) || `${load.id.slice(0, 12)}…`}${words === '' ? '' : ` (${words})`}`;
}

/** What became of a server in a walk: `answered in 3 ms`, `stale, a copy 6 s old`. */
export function outcomeWords({ row, isListed }: MapServer): string {
  const unlisted = isListed === false ? 'not listed' : '';
  if (!row) return unlisted;
  const took = row.outcome === 'ANSWERED' ? ` in ${Math.round(row.tookMs)} ms` : '';
  const age = row.ageMs === undefined ? '' : `, a copy ${roughly(row.ageMs)} old`;
  const words = `${row.outcome.toLowerCase()}${took}${age}`;
  return unlisted === '' ? words : `${words}, ${unlisted}`;
}
