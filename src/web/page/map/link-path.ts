import type { NetworkLink } from '../../api.js';
import type { PlacedLink } from './layout.js';

/** The way articles take over a link: from whom is read to who reads, a little bent, so that both directions are seen. */
export function linkPath({ source, target }: PlacedLink): readonly [number, number, number, number, number, number] {
  const [dx, dy] = [source.x - target.x, source.y - target.y];
  const far = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / far, dy / far];
  const bend = Math.min(26, far * 0.14);
  const [startX, startY] = [target.x + ux * (target.radius + 3), target.y + uy * (target.radius + 3)];
  const [endX, endY] = [source.x - ux * (source.radius + 8), source.y - uy * (source.radius + 8)];
  return [startX, startY, (startX + endX) / 2 - uy * bend, (startY + endY) / 2 + ux * bend, endX, endY];
}

/** How long a mark takes for one step along a link, in ms; undefined when nothing moves there. */
export function paceMs({ state, rate }: NetworkLink): number | undefined {
  if (state !== 'up' || !rate) return undefined;
  return Math.round(Math.max(250, 2400 / (1 + rate)));
}

/** The links between neighbours of one cycle. */
export function inCycles(cycles: readonly (readonly string[])[]): (link: NetworkLink) => boolean {
  const sets = cycles.map((cycle) => new Set(cycle));
  return ({ from, to }) => sets.some((cycle) => cycle.size > 1 && cycle.has(from) && cycle.has(to));
}
