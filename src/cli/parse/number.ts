import { usage } from '../usage.js';

/** A whole number in a range, both ends included. @throws UsageError naming `flag` and the range. */
export function parseWhole(flag: string, text: string, least: number, most: number): number {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw usage(`${flag} must be a whole number ${rangeOf(least, most)}, not "${text}"`);
  return value;
}

function rangeOf(least: number, most: number): string {
  return most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
}
