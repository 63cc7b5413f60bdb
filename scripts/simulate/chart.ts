/** One curve: its name stands at its end. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A bound, and no figure. */
  readonly isBound?: boolean;
}

/** A pair of axes, both logarithmic, with curves. */
export interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly curves: readonly Curve[];
}

export interface Axis {
  readonly label: string;
  /** Where numbers stand. */
  readonly ticks: readonly number[];
}

const panel = { width: 324, height: 290, left: 48, right: 24, top: 64, bottom: 46 } as const;
const plot = {
  width: panel.width - panel.left - panel.right,
  height: panel.height - panel.top - panel.bottom,
} as const;

/** Readable on white and on black; told apart by those who see no red or green too (Okabe and Ito, 2008). */
const colours = ['#0072b2', '#d55e00', '#009e73'] as const;
const style = `text { font: 11px system-ui, sans-serif; fill: #24292f }
.title { font-size: 13px; font-weight: 600 }
.grid { stroke: #8b949e; stroke-opacity: .3 }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round }
.bound { stroke-dasharray: 4 4; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }`;

/** Panels side by side, as one SVG. */
export function drawPanels(panels: readonly Panel[]): string {
  const width = panels.length * panel.width;
  const drawn = panels.map((each, at) => `<g transform="translate(${at * panel.width} 0)">\n${drawPanel(each)}</g>\n`);
  const title = panels.map((each) => each.title).join('; ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${panel.height}" width="${width}" height="${panel.height}" role="img">
<title>${escaped(title)}</title>
<style>${style}</style>
${drawn.join('')}</svg>\n`;
}

function drawPanel({ title, x, y, curves }: Panel): string {
  const toX = scale(x, panel.left, panel.left + plot.width);
  const toY = scale(y, panel.top + plot.height, panel.top);
  const lines: string[] = [text(panel.left, 16, title, 'class="title"')];
  for (const tick of y.ticks) {
    const at = toY(tick);
    lines.push(`<path class="grid" d="M${panel.left} ${at}h${plot.width}"/>`);
    lines.push(text(panel.left - 6, at + 4, short(tick), 'text-anchor="end"'));
  }
  for (const tick of x.ticks) {
    const at = toX(tick);
    lines.push(`<path class="grid" d="M${at} ${panel.top}v${plot.height}"/>`);
    lines.push(text(at, panel.top + plot.height + 16, short(tick), 'text-anchor="middle"'));
  }
  lines.push(text(panel.left + plot.width / 2, panel.height - 10, x.label, 'text-anchor="middle"'));
  for (const [at, curve] of curves.entries()) lines.push(...drawCurve(curve, at, toX, toY));
  return `${lines.join('\n')}\n`;
}

type Scale = (value: number) => number;

function drawCurve({ name, points, isBound }: Curve, at: number, toX: Scale, toY: Scale): string[] {
  const colour = isBound ? '#8b949e' : (colours[at % colours.length] ?? colours[0]);
  const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${toX(x)} ${toY(y)}`).join('');
  const dots = isBound
    ? []
    : points.map(([x, y]) => `<circle cx="${toX(x)}" cy="${toY(y)}" r="2.5" fill="${colour}"/>`);
  const row = 30 + at * 12;
  return [
    `<path class="curve${isBound ? ' bound' : ''}" stroke="${colour}" d="${path}"/>`,
    ...dots,
    `<path class="curve${isBound ? ' bound' : ''}" stroke="${colour}" d="M${panel.left} ${row}h18"/>`,
    text(panel.left + 24, row + 4, name, ''),
  ];
}

/** From the first tick to the last, in powers. */
function scale({ ticks }: Axis, from: number, to: number): Scale {
  const [least, most] = [Math.log(ticks[0] ?? 1), Math.log(ticks.at(-1) ?? 10)];
  return (value) => Math.round((from + ((Math.log(value) - least) / (most - least)) * (to - from)) * 10) / 10;
}

/** The powers of ten, or the doublings, that hold all of these values. */
export function powers(base: 2 | 10, values: readonly number[]): readonly number[] {
  const log = (value: number): number => Math.log(value) / Math.log(base);
  const least = Math.floor(log(Math.min(...values)) + 1e-9);
  const most = Math.max(least + 1, Math.ceil(log(Math.max(...values)) - 1e-9));
  return Array.from({ length: most - least + 1 }, (_, at) => base ** (least + at));
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(words)}</text>`;
}

function short(value: number): string {
  return value.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 });
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
