import { usage } from '../usage.js';

/** A whole number in a range, both ends included. @throws UsageError naming `flag`, the range and the nearest that is in it. */
export function parseWhole(flag: string, text: string, least: number, most: number): number {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw usage(
      flag,
      `${flag} must be a whole number ${rangeOf(least, most)}, not "${text}"`,
      `${flag} ${value > most ? most : least}`,
    );
  return value;
}

function rangeOf(least: number, most: number): string {
  return most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
}
