import { namedLink } from '../render/map-words.js';
import { oneLine } from '../render/plain.js';
import { type Column, table } from '../render/table.js';
import { roughly } from '../render/time.js';
import { cutTo } from '../render/width.js';
import { lagOf, type RegistryView, type ServerView, slowLinks } from './network-view.js';

/** What a key sorts by: numbers come with the greatest first, names from a. */
export const orders = {
  r: { name: 'rate', of: ({ articlesPerSecond }: ServerView) => articlesPerSecond },
  a: { name: 'articles', of: ({ info }: ServerView) => info.articles },
  m: { name: 'members', of: ({ info }: ServerView) => info.members },
  u: { name: 'queries', of: ({ queriesPerSecond }: ServerView) => queriesPerSecond },
  l: { name: 'lag', of: lagOf },
  n: { name: 'name', of: (): number | undefined => 0 },
} as const;

export type Order = keyof typeof orders;

export interface Shown {
  readonly servers: readonly ServerView[];
  readonly registries: readonly RegistryView[];
  readonly order: Order;
  /** The same order from its other end. */
  readonly isReversed: boolean;
  /** How many servers are scrolled past. */
  readonly offset: number;
  readonly columns: number;
  readonly rows: number;
  /** `10:02:31`. */
  readonly time: string;
}

/** A column, and how wide the terminal must be for it. */
type Fitting = Column<ServerView> & { readonly from: number };

const columnsOf: readonly Fitting[] = [
  { from: 0, head: 'NAME', text: ({ info }) => info.name },
  { from: 100, head: 'ADDRESS', text: ({ info }) => info.address },
  { from: 0, head: 'ARTICLES', text: ({ info }) => String(info.articles), right: true },
  { from: 0, head: 'ART/S', text: ({ articlesPerSecond }) => perSecond(articlesPerSecond), right: true },
  { from: 70, head: 'MEMBERS', text: ({ info }) => String(info.members), right: true },
  { from: 60, head: 'LINKS', text: ({ info }) => String(info.peers.length), right: true },
  { from: 80, head: 'SUBS', text: ({ load }) => (load ? String(load.subscribers) : '–'), right: true },
  { from: 80, head: 'Q/S', text: ({ queriesPerSecond }) => perSecond(queriesPerSecond), right: true },
  { from: 90, head: 'P50', text: ({ load }) => ms(load?.queryP50Ms), right: true },
  { from: 0, head: 'LAG', text: (server) => ms(lagOf(server)), right: true },
  { from: 50, head: 'SLOW LINKS', text: slowText },
];

/** Lines around the servers: two above, the head of the table, one below. */
const around = 4;

/** How many servers fit. */
export function roomFor(rows: number): number {
  return Math.max(1, rows - around);
}

/** The screen: at most `rows` lines of at most `columns` columns. */
export function topLines(shown: Shown): readonly string[] {
  const { servers, offset, columns, rows } = shown;
  const room = roomFor(rows);
  const visible = sorted(shown).slice(offset, offset + room);
  const more = servers.length - visible.length;
  const layout = columnsOf.filter(({ from }) => from <= columns);
  const body =
    servers.length === 0 ? ['', noneText(shown.registries)] : table(layout, visible, columns).trimEnd().split('\n');
  const lines = [summary(shown), registriesText(shown.registries), ...body];
  const help = `${more > 0 ? `${more} more: ↑ ↓  ` : ''}q quit  sort by: ${keys(shown)}`;
  return [...lines.slice(0, Math.max(1, rows - 1)), help].slice(0, rows).map((line) => cutTo(line, columns));
}

function sorted({ servers, order, isReversed }: Shown): readonly ServerView[] {
  const { of } = orders[order];
  const direction = isReversed ? -1 : 1;
  const compare = (a: ServerView, b: ServerView): number =>
    (of(b) ?? -1) - (of(a) ?? -1) || (a.info.name < b.info.name ? -1 : a.info.name > b.info.name ? 1 : 0);
  return [...servers].sort((a, b) => direction * compare(a, b));
}

function summary({ servers, time }: Shown): string {
  const links = servers.reduce((sum, { info }) => sum + info.peers.length, 0);
  const articles = servers.reduce((sum, { info }) => sum + info.articles, 0);
  const rate = servers.reduce((sum, { articlesPerSecond = 0 }) => sum + articlesPerSecond, 0);
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
  return `${time}  ${count(servers.length, 'server')}, ${count(links, 'link')}, ${count(articles, 'article')}, ${perSecond(rate)} a second`;
}

function registriesText(registries: readonly RegistryView[]): string {
  return registries
    .map(({ address, state, reason = '' }) => {
      if (state === 'away') return `registry ${address} is away: ${oneLine(reason)}; what was last known is shown`;
      return state === 'up' ? `registry ${address}` : `asking the registry ${address} …`;
    })
    .join('; ');
}

function noneText(registries: readonly RegistryView[]): string {
  return registries.some(({ state }) => state === 'up') ? 'No community is registered yet.' : '';
}

function keys({ order, isReversed }: Shown): string {
  return Object.entries(orders)
    .map(([key, { name }]) => (key === order ? `[${key} ${name}${isReversed ? ' ↑' : ''}]` : `${key} ${name}`))
    .join('  ');
}

function slowText(server: ServerView): string {
  if (server.silent !== undefined) return `no answer: ${oneLine(server.silent)}`;
  if (!server.links) return '–';
  return slowLinks(server).map(namedLink).join(', ') || 'none';
}

function perSecond(rate: number | undefined): string {
  if (rate === undefined) return '–';
  return rate >= 10 || rate === 0 ? String(Math.round(rate)) : rate.toFixed(1);
}

function ms(lag: number | undefined): string {
  return lag === undefined ? '–' : roughly(lag);
}
