import { nameOf } from '../../reading/report-sentence.js';
import type { Placed, PlacedLink } from './layout.js';
import { linkPath, paceMs } from './link-path.js';

export interface Inks {
  readonly ink: string;
  readonly line: string;
  readonly accent: string;
  readonly bad: string;
  readonly paper: string;
  readonly font: string;
}

export interface Scene {
  readonly placed: readonly Placed[];
  readonly links: readonly PlacedLink[];
  readonly chosen: string | undefined;
  readonly cuts: ReadonlySet<string>;
  /** What a pixel of the page is here. */
  readonly unit: number;
  /** 0: nothing moves. */
  readonly timeMs: number;
}

/** The colours of the page, as they are for this reader. */
export function readInks(element: Element): Inks {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: read('--ink'),
    line: read('--strong-line'),
    accent: read('--accent'),
    bad: read('--bad'),
    paper: read('--sheet'),
    font: read('--sans'),
  };
}

const dash = 16;

/** Draws the whole map: the same shapes as the drawing of few. */
export function paint(context: CanvasRenderingContext2D, scene: Scene, inks: Inks): void {
  for (const placed of scene.links) paintLink(context, placed, scene, inks);
  for (const placed of scene.placed) paintCommunity(context, placed, scene, inks);
  for (const placed of scene.placed) if (isNamed(placed, scene)) paintName(context, placed, scene, inks);
}

function paintCross(context: CanvasRenderingContext2D, x: number, y: number, arm: number): void {
  context.beginPath();
  for (const side of [-1, 1]) {
    context.moveTo(x - arm, y - side * arm);
    context.lineTo(x + arm, y + side * arm);
  }
  context.stroke();
}

/** Hundreds of names would be read by nobody: closer by, more of them are there. */
function isNamed({ id, radius }: Placed, { chosen, unit }: Scene): boolean {
  return id === chosen || radius / unit > 14;
}

function paintName(context: CanvasRenderingContext2D, of: Placed, { unit, chosen }: Scene, inks: Inks): void {
  const { x, y, radius, server, id } = of;
  context.font = `${id === chosen ? 700 : 500} ${13 * unit}px ${inks.font}`;
  context.textAlign = 'center';
  context.lineWidth = 3.5 * unit;
  context.strokeStyle = inks.paper;
  context.fillStyle = inks.ink;
  const at = y + radius + 5 + 14 * unit;
  context.strokeText(nameOf(server), x, at);
  context.fillText(nameOf(server), x, at);
}

function paintLink(
  context: CanvasRenderingContext2D,
  placed: PlacedLink,
  { chosen, unit, timeMs }: Scene,
  inks: Inks,
): void {
  const { link } = placed;
  const [x, y, cx, cy, endX, endY] = linkPath(placed);
  const isNear = link.from === chosen || link.to === chosen;
  const pace = paceMs(link);
  context.beginPath();
  context.moveTo(x, y);
  context.quadraticCurveTo(cx, cy, endX, endY);
  context.globalAlpha = isNear ? 0.9 : chosen === undefined ? 0.45 : 0.2;
  context.lineWidth = (isNear ? 2 : 1) * Math.max(1, unit);
  context.strokeStyle = link.state === 'down' ? inks.bad : pace === undefined ? inks.line : inks.accent;
  context.setLineDash(link.state === 'up' && pace === undefined ? [] : [dash * 0.6, dash * 0.4]);
  context.lineDashOffset = pace === undefined ? 0 : (-timeMs / pace) * dash;
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function paintCommunity(
  context: CanvasRenderingContext2D,
  { id, server, radius, x, y }: Placed,
  { chosen, cuts, unit }: Scene,
  inks: Inks,
): void {
  context.beginPath();
  if (server.state === 'up') context.arc(x, y, radius, 0, 2 * Math.PI);
  else if (server.state === 'down') context.rect(x - radius * 0.88, y - radius * 0.88, radius * 1.76, radius * 1.76);
  else {
    context.moveTo(x, y - radius);
    for (const [dx, dy] of [
      [radius, 0],
      [0, radius],
      [-radius, 0],
    ] as const)
      context.lineTo(x + dx, y + dy);
    context.closePath();
  }
  context.fillStyle = server.state === 'up' ? inks.accent : inks.paper;
  context.strokeStyle = server.state === 'down' ? inks.bad : server.state === 'up' ? inks.paper : inks.line;
  context.lineWidth = (server.state === 'up' ? 1 : 1.5) * Math.max(1, unit);
  context.fill();
  context.stroke();
  if (server.state === 'down') paintCross(context, x, y, radius * 0.48);
  if (id !== chosen && !cuts.has(id)) return;
  context.beginPath();
  context.arc(x, y, radius + 5, 0, 2 * Math.PI);
  context.strokeStyle = id === chosen ? inks.ink : inks.line;
  context.stroke();
}
