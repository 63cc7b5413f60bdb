import type { Placed } from './layout.js';

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** Who stands next in the direction of an arrow key: near, and not far aside. */
export function neighbour(placed: readonly Placed[], of: Placed, key: string): Placed | undefined {
  const [right, down] = directions[key] ?? [0, 0];
  if (right === 0 && down === 0) return undefined;
  const cost = (one: Placed): number => {
    const [dx, dy] = [one.x - of.x, one.y - of.y];
    const ahead = dx * right + dy * down;
    const aside = Math.abs(dx * down) + Math.abs(dy * right);
    return ahead <= 0 || aside > 2 * ahead ? Number.POSITIVE_INFINITY : ahead + 2 * aside;
  };
  const [first] = placed
    .filter((one) => one !== of && Number.isFinite(cost(one)))
    .sort((one, other) => cost(one) - cost(other));
  return first;
}
