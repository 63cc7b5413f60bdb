import { usage } from '../usage.js';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `200ms`, `5s`, `1.5m`, `2h`, `7d`. @returns milliseconds, at least 1. @throws UsageError naming `flag`. */
export function parseDuration(flag: string, text: string): number {
  const [, amount, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Math.round(Number(amount) * (unitMs[unit] ?? Number.NaN));
  if (!(ms >= 1)) throw usage(flag, `${flag} "${text}" is not a duration`, 'a number and ms, s, m, h or d, as in 5s');
  // Timers hold 31 bits of milliseconds, and nothing here is meant to wait longer.
  if (ms > 2 ** 31 - 1) throw usage(flag, `${flag} "${text}" is too long`, 'at most 24d');
  return ms;
}
