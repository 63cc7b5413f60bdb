import { usage } from '../usage.js';

const form = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * An ISO 8601 date or date-time; without a zone it is UTC.
 * @returns milliseconds since 1970 (a finer fraction is cut off), or undefined when it is no date: `2026-02-30` is none.
 */
export function readDate(text: string): number | undefined {
  const found = form.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const part = {
    year: year ?? 0,
    month: month ?? 0,
    day: day ?? 0,
    hour: hour ?? 0,
    minute: minute ?? 0,
    second: second ?? 0,
  };
  if (part.hour > 23 || part.minute > 59 || part.second > 59) return undefined;
  const ms = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3));
  const date = new Date(0);
  date.setUTCFullYear(part.year, part.month - 1, part.day);
  date.setUTCHours(part.hour, part.minute, part.second, ms);
  // A day that the month does not have runs over into the next one.
  if (date.getUTCMonth() !== part.month - 1 || date.getUTCDate() !== part.day) return undefined;
  const zoneMs = readZone(found[8]);
  return zoneMs === undefined ? undefined : date.getTime() - zoneMs;
}

function readZone(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** @throws UsageError naming `flag`. */
export function parseDate(flag: string, text: string): number {
  const ms = readDate(text);
  if (ms === undefined) throw usage(flag, `${flag} "${text}" is not a date`, '2026-01-31 or 2026-01-31T18:00:00Z');
  return ms;
}
