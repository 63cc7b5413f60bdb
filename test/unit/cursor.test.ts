import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Cursor, parseCursor, toCursorText } from '../../src/core/cursor.js';
import { toId } from '../../src/core/ids.js';

const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toId(bytes));
const place = fc.record({ epoch: fc.integer({ min: 1, max: 9 }), seq: fc.maxSafeNat() });
const cursor: fc.Arbitrary<Cursor> = fc.record({
  places: fc.uniqueArray(fc.tuple(id, place), { selector: ([origin]) => origin }).map((pairs) => new Map(pairs)),
  start: fc.constantFrom('now' as const, 'beginning' as const),
});

describe('N4 a cursor as a word', () => {
  it('means after reading what it meant before, and equal cursors are equal words', () => {
    fc.assert(
      fc.property(cursor, (one) => {
        const text = toCursorText(one);
        expect(text).toMatch(/^[0-9a-z]+$/);
        expect(parseCursor(text)).toEqual(one);
        const places = new Map([...one.places].reverse());
        expect(toCursorText({ ...one, places })).toBe(text);
      }),
    );
  });

  it('is refused by its field when it was cut, mistyped or invented', () => {
    fc.assert(
      fc.property(cursor, fc.nat(), fc.nat({ max: 31 }), (one, at, letter) => {
        const text = toCursorText(one);
        const spot = at % text.length;
        const other = '0123456789abcdefghijklmnopqrstuv'[letter] ?? '0';
        const mistyped = text.slice(0, spot) + other + text.slice(spot + 1);
        const refused = expect.objectContaining({ code: 'invalid', field: 'from' }) as unknown as Error;
        const read = (wrong: string) => (): unknown => parseCursor(wrong, 'from');
        if (mistyped !== text) expect(read(mistyped)).toThrow(refused);
        if (text.length > 4) expect(read(text.slice(0, -1))).toThrow(refused);
        for (const garbage of ['', 'garbage', 'c1', 'c10000000', `${text}!`]) expect(read(garbage)).toThrow(refused);
      }),
    );
  });
});
