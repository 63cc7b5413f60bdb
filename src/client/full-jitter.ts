const firstMs = 250;
const mostMs = 5000;

/** How long to wait after so many failures in a row: anything up to twice as long each time, so that many do not come at once. */
export function fullJitter(failures: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(mostMs, firstMs * 2 ** Math.min(failures, 16)));
}
