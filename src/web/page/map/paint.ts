import type { Placed, PlacedLink } from './layout.js';
import { linkPath, paceMs } from './link-path.js';

export interface Inks {
  readonly ink: string;
  readonly line: string;
  readonly accent: string;
  readonly bad: string;
  readonly paper: string;
}

export interface Scene {
  readonly placed: readonly Placed[];
  readonly links: readonly PlacedLink[];
  readonly chosen: string | undefined;
  readonly cuts: ReadonlySet<string>;
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
  };
}

const dash = 16;

/** Draws the whole map: the same shapes as the drawing of few. */
export function paint(context: CanvasRenderingContext2D, scene: Scene, inks: Inks): void {
  for (const placed of scene.links) paintLink(context, placed, scene, inks);
  for (const placed of scene.placed) paintCommunity(context, placed, scene, inks);
}

function paintLink(context: CanvasRenderingContext2D, placed: PlacedLink, { chosen, timeMs }: Scene, inks: Inks): void {
  const { link } = placed;
  const [x, y, cx, cy, endX, endY] = linkPath(placed);
  const isNear = link.from === chosen || link.to === chosen;
  const pace = paceMs(link);
  context.beginPath();
  context.moveTo(x, y);
  context.quadraticCurveTo(cx, cy, endX, endY);
  context.globalAlpha = isNear || chosen === undefined ? 0.8 : 0.25;
  context.lineWidth = isNear ? 2 : 1;
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
  { chosen, cuts }: Scene,
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
  context.lineWidth = 2;
  context.fill();
  context.stroke();
  if (id !== chosen && !cuts.has(id)) return;
  context.beginPath();
  context.arc(x, y, radius + 5, 0, 2 * Math.PI);
  context.strokeStyle = id === chosen ? inks.ink : inks.line;
  context.stroke();
}
