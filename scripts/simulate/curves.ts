import { type Curve, drawPanels, type Panel, powers } from './chart.js';
import type { Flags } from './flags.js';
import type { QueryFigures } from './query-trial.js';
import type { Figures } from './runs.js';

/** The figures as drawings, by the name of the file. */
export function curves(figures: Figures, flags: Flags): Readonly<Record<string, string>> {
  return { 'growth.svg': growth(figures, flags), 'fan-out.svg': fanOut(figures) };
}

const KiB = 1024;

function growth({ sound, failing, feed }: Figures, { failures }: Flags): string {
  const withFailures = `${failures * 100}% of the servers fail`;
  const queries = (of: (row: QueryFigures) => number, soundName: string): Curve[] => [
    { name: soundName, points: sound.map((row) => [row.servers, of(row)]) },
    ...(failing.length > 0
      ? [{ name: withFailures, points: failing.map((row) => [row.servers, of(row)] as const) }]
      : []),
  ];
  const bySize = (title: string, all: readonly Curve[]): Panel => panel(title, 'servers', 10, all);
  return drawPanels([
    bySize('Time, ms', [
      ...queries((row) => row.timeMs, 'a query'),
      { name: 'an article, until all mirrors have it', points: feed.map((row) => [row.servers, row.allMs]) },
    ]),
    bySize('Calls of a query', [
      ...queries((row) => row.calls, 'a query'),
      { name: 'one a server', isBound: true, points: sound.map((row) => [row.servers, row.servers]) },
    ]),
    bySize('Traffic of the whole network, KiB', [
      ...queries((row) => row.bytes / KiB, 'a query'),
      { name: 'an article', points: feed.map((row) => [row.servers, row.bytes / KiB]) },
    ]),
  ]);
}

function fanOut({ fanOuts }: Figures): string {
  const byLinks = (of: (row: QueryFigures) => number): Curve[] =>
    [...new Set(fanOuts.map(({ links }) => links))].map((links) => ({
      name: `${links} links a server`,
      points: fanOuts.filter((row) => row.links === links).map((row) => [row.fanOut, of(row)]),
    }));
  const servers = fanOuts[0]?.servers ?? 0;
  return drawPanels([
    panel(
      `Time of a query over ${servers} servers, ms`,
      'fan_out',
      2,
      byLinks((row) => row.timeMs),
    ),
    panel(
      'Calls',
      'fan_out',
      2,
      byLinks((row) => row.calls),
    ),
    panel(
      'Traffic of the whole network, KiB',
      'fan_out',
      2,
      byLinks((row) => row.bytes / KiB),
    ),
  ]);
}

function panel(title: string, label: string, base: 2 | 10, all: readonly Curve[]): Panel {
  // A logarithm has no place for nothing: a network of one makes no calls.
  const drawn = all.map((curve) => ({ ...curve, points: curve.points.filter(([, y]) => y > 0) }));
  const xs = drawn.flatMap(({ points }) => points.map(([x]) => x));
  const ys = drawn.flatMap(({ points }) => points.map(([, y]) => y));
  return {
    title,
    x: { label, ticks: powers(base, xs.length > 0 ? xs : [1]) },
    y: { label: title, ticks: powers(10, ys.length > 0 ? ys : [1]) },
    curves: drawn.filter(({ points }) => points.length > 0),
  };
}
