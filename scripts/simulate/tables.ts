import { type Column, table } from '../../src/cli/render/table.js';
import type { FeedFigures } from './feed-trial.js';
import type { Flags } from './flags.js';
import type { QueryFigures } from './query-trial.js';
import type { Figures } from './runs.js';

/** The figures for people. */
export function tables({ sound, failing, fanOuts, feed }: Figures, flags: Flags): string {
  const { rttMs, fanOut, seed, failures, links } = flags;
  const latency = `links of ${rttMs} ms there and back`;
  const parts = [
    `A query for the newest 500 articles of all; ${links} links a server, ${latency}, fan_out ${fanOut}, seed ${seed}\n`,
    whole(bySize, sound),
    failing.length > 0
      ? `\nThe same with ${failures * 100}% of the servers dead, falling silent, or slow by 200 ms\n`
      : '',
    failing.length > 0 ? whole(bySize, failing) : '',
    '\nThe same by fan_out, nobody failing\n',
    whole(byFanOut, fanOuts),
    `\nAn article, until it is in the mirrors of all; ${links} links a server, ${latency}\n`,
    whole(feeding, feed),
  ];
  return parts.join('');
}

/** One object a line, for scripts. */
export function jsonLines({ sound, failing, fanOuts, feed }: Figures): string {
  const named = { query: sound, 'query with failures': failing, 'query by fan_out': fanOuts, feed };
  return Object.entries(named)
    .flatMap(([type, all]) => all.map((figures) => `${JSON.stringify({ type, ...figures })}\n`))
    .join('');
}

function whole<T>(layout: readonly Column<T>[], rows: readonly T[]): string {
  return table(layout, rows, Number.POSITIVE_INFINITY);
}

function column<T>(head: string, text: (row: T) => string | number): Column<T> {
  return { head, text: (row) => text(row).toLocaleString('en'), right: true };
}

const servers = column<QueryFigures | FeedFigures>('SERVERS', (row) => row.servers);
const depth = column<QueryFigures | FeedFigures>('DEPTH', (row) => row.depth);
const cost: readonly Column<QueryFigures>[] = [
  column('TIME ms', (row) => row.timeMs),
  column('ROUNDS', (row) => row.rounds),
  column('CALLS', (row) => row.calls),
  column('A LINK AND ROUND', (row) => row.callsPerLink.toFixed(2)),
  column('KiB', (row) => Math.ceil(row.bytes / 1024)),
];

const bySize: readonly Column<QueryFigures>[] = [
  servers,
  column('FAIL', (row) => row.failing),
  depth,
  ...cost,
  column('HEALTHY', (row) => row.reachable),
  column('ANSWERED', (row) => row.covered),
  { head: 'COMPLETE', text: (row) => (row.complete ? 'yes' : 'no') },
  { head: 'WRONG', text: (row) => row.faults.join('; ') || '–' },
];

const byFanOut: readonly Column<QueryFigures>[] = [
  servers,
  column('LINKS', (row) => row.links),
  column('FAN_OUT', (row) => row.fanOut),
  ...cost,
];

const feeding: readonly Column<FeedFigures>[] = [
  servers,
  depth,
  column('HALF ms', (row) => row.halfMs),
  column('ALL ms', (row) => row.allMs),
  column('MIRRORS', (row) => row.mirrors),
  column('MESSAGES', (row) => row.messages),
  column('KiB', (row) => Math.ceil(row.bytes / 1024)),
  column('ECHOES', (row) => row.echoes),
];
