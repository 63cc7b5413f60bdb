import type { Network, NetworkLink, NetworkServer } from '../api.js';
import { nameOf } from './report-sentence.js';
import { counted, length } from './times.js';

/** A lag below this is the time between two signs of life. */
const noLagMs = 1000;

const states: Readonly<Record<NetworkServer['state'], string>> = {
  up: 'answers',
  down: 'does not answer',
  unknown: 'known only because others link to it',
};

/** The network in one sentence. */
export function summary({ servers, links }: Network): string {
  const count = (state: NetworkServer['state']): number => servers.filter((server) => server.state === state).length;
  const parts = [counted(servers.length, 'community'), counted(links.length, 'link')];
  if (count('down') > 0) parts.push(`${count('down')} away`);
  if (count('unknown') > 0) parts.push(`${count('unknown')} known only by a link`);
  return `${parts.join(', ')}.`;
}

/** What there is to say about one community and what it reads, each a phrase: for those who cannot see the map, and for its panel. */
export interface Facts {
  readonly state: string;
  readonly size: string;
  readonly topics: string;
  readonly policy: string;
  readonly links: readonly string[];
  /** What the map marks: cycles, and that others are reached only through it. */
  readonly marks: readonly string[];
}

export function factsOf(server: NetworkServer, network: Network): Facts {
  const { id, articles, members, topics } = server;
  const name = namesOf(network);
  const sizes = [
    articles === null ? '' : counted(articles, 'article'),
    members === null ? '' : counted(members, 'member'),
  ];
  return {
    state: states[server.state],
    size: sizes.filter((text) => text !== '').join(', ') || 'size not known',
    topics: topics.length === 0 ? 'any topic' : topics.join(', '),
    policy: policy(server),
    links: network.links.filter(({ from }) => from === id).map((link) => linkWords(link, name)),
    marks: marksOf(id, network, name),
  };
}

function namesOf({ servers }: Network): (id: string) => string {
  const names = new Map(servers.map((server) => [server.id, nameOf(server)]));
  return (id) => names.get(id) ?? nameOf({ id, name: null });
}

function linkWords({ to, state, lagMs, rate, reason }: NetworkLink, name: (id: string) => string): string {
  if (state !== 'up') {
    const why = reason ? `: ${reason}` : '';
    return `reads ${name(to)}, ${state === 'down' ? `but cannot reach it${why}` : 'as far as is known'}`;
  }
  const parts = [`reads ${name(to)}`];
  if (lagMs !== null && lagMs >= noLagMs) parts.push(`${length(lagMs)} behind`);
  if (rate) parts.push(`${rate < 0.1 ? 'now and then an article' : `${rate.toFixed(1)} articles a second`}`);
  return parts.join(', ');
}

function policy({ admission, peering, readable }: NetworkServer): string {
  const parts = [
    readable === null ? '' : readable === 'public' ? 'anybody reads' : 'members read',
    admission === null ? '' : (joining[admission] ?? `joining: ${admission}`),
    peering === null ? '' : (linking[peering] ?? `linking: ${peering}`),
  ];
  return parts.filter((text) => text !== '').join(', ') || 'policy not known';
}

export const joining: Readonly<Record<string, string>> = {
  open: 'anybody may join',
  approval: 'who asks to join waits for a yes',
  invite: 'joining needs an invitation',
  closed: 'nobody can join',
};

const linking: Readonly<Record<string, string>> = {
  open: 'any community may link to it',
  approval: 'links wait for a yes',
  closed: 'no community may link to it',
};

function marksOf(id: string, { cycles, cutPoints }: Network, name: (id: string) => string): string[] {
  const marks = cutPoints.includes(id) ? ['some communities reach each other only through it'] : [];
  const circle = cycles.find((cycle) => cycle.includes(id));
  if (circle && circle.length > 1)
    marks.push(`in a circle of links: ${circle.slice(0, 8).map(name).join(', ')}${circle.length > 8 ? '…' : ''}`);
  return marks;
}
