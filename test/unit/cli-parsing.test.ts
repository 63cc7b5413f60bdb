import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDate, readDate } from '../../src/cli/parse/date.js';
import { parseDuration } from '../../src/cli/parse/duration.js';
import { parseWhole } from '../../src/cli/parse/number.js';

describe('what is typed', () => {
  it.each([
    ['200ms', 200],
    ['5s', 5000],
    ['1.5s', 1500],
    ['1m', 60_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
  ])('a duration %s is %d milliseconds', (text, ms) => {
    expect(parseDuration('--timeout', text)).toBe(ms);
  });

  it.each(['', '5', 's', '-1s', '5 s', '0s', '1e3s', '5sec', '100d'])(
    '"%s" is no duration, and the flag is named',
    (text) => {
      expect(() => parseDuration('--timeout', text)).toThrow(/^--timeout/);
    },
  );

  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T18:00', '2026-01-31T18:00:00.000Z'],
    ['2026-01-31 18:00:01', '2026-01-31T18:00:01.000Z'],
    ['2026-01-31T18:00:01.5Z', '2026-01-31T18:00:01.500Z'],
    ['2026-01-31T18:00:00+02:00', '2026-01-31T16:00:00.000Z'],
    ['2026-01-31T18:00:00-0530', '2026-01-31T23:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0099-01-01', '0099-01-01T00:00:00.000Z'],
  ])('S0.8 the date %s is %s: without a zone it is UTC', (text, iso) => {
    expect(new Date(parseDate('--since', text)).toISOString()).toBe(iso);
  });

  it.each([
    '',
    'yesterday',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-1-1',
    '01.02.2026',
    '2026-01-31T24:00',
    '1700000000',
  ])('S0.8 "%s" is no date, and is never silently ignored', (text) => {
    expect(() => parseDate('--since', text)).toThrow(/^--since .* is not a date$/);
  });

  it('every date that JavaScript writes is read back', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(readDate(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  it.each(['0', '-1', '501', '1000000000', '1e9', '5.5', '', 'all', ' 5'])(
    'a limit of "%s" is refused naming the range',
    (text) => {
      expect(() => parseWhole('--limit', text, 1, 500)).toThrow(
        `--limit must be a whole number from 1 to 500, not "${text}"`,
      );
    },
  );
});
