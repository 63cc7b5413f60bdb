import type { Placed } from './layout.js';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const margin = 46;
/** A map of two or three is not blown up to the size of the window. */
const smallest = { width: 380, height: 230 };

/** What shows the whole map in a window of this shape. */
export function wholeMap(placed: readonly Placed[], aspect: number): Box {
  const [left, right] = extent(placed.map(({ x, radius }) => [x - radius, x + radius]));
  const [top, bottom] = extent(placed.map(({ y, radius }) => [y - radius, y + radius]));
  const wide = Math.max(right - left, smallest.width) + 2 * margin;
  const high = Math.max(bottom - top, smallest.height) + 2 * margin;
  const width = Math.max(wide, high * aspect);
  const height = width / aspect;
  return { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height };
}

/** Closer by `factor`, the point at `at` (0 to 1 of the window) staying where it is. */
export function zoomed({ x, y, width, height }: Box, factor: number, at = { x: 0.5, y: 0.5 }): Box {
  const smaller = Math.min(40_000, Math.max(120, width / factor)) / width;
  return {
    x: x + width * (1 - smaller) * at.x,
    y: y + height * (1 - smaller) * at.y,
    width: width * smaller,
    height: height * smaller,
  };
}

export function moved(box: Box, dx: number, dy: number): Box {
  return { ...box, x: box.x + dx, y: box.y + dy };
}

function extent(ranges: readonly (readonly number[])[]): readonly [number, number] {
  if (ranges.length === 0) return [0, 0];
  return [Math.min(...ranges.map(([low = 0]) => low)), Math.max(...ranges.map(([, high = 0]) => high))];
}
