import { invalid } from '../../core/errors.js';
import { readDate } from '../parse/date.js';

// RFC 822 with the years of RFC 2822, as feeds and mails write it. Date alone takes `item 7` for a day in 2001.
const rfc822 = /^(?:[a-z]{3,9}\.?,?\s+)?\d{1,2}\s+[a-z]{3,9}\.?\s+\d{2,4}\s+\d{1,2}:\d\d/i;

/** A date as feeds and mails write it, in ms since 1970; undefined when it is none. */
export function momentOf(text: string): number | undefined {
  const trimmed = text.trim();
  const ms = readDate(trimmed) ?? (rfc822.test(trimmed) ? Date.parse(trimmed) : Number.NaN);
  return Number.isNaN(ms) ? undefined : ms;
}

/** @throws MootError `invalid`. */
export function parseMoment(text: string): number {
  const ms = momentOf(text);
  if (ms === undefined) throw invalid('publishedAt', `"${text.trim().slice(0, 40)}" is not a date`);
  return ms;
}
