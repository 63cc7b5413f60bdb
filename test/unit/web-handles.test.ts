import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Cursor, parseCursor, toCursorText } from '../../src/core/cursor.js';
import { toId } from '../../src/core/ids.js';
import type { LogPlace } from '../../src/core/log.js';
import { Handles } from '../../src/web/handles.js';

const origins = [1, 2, 3].map((n) => toId(new Uint8Array(32).fill(n)));
const anyMoves = fc.array(fc.tuple(fc.constantFrom(...origins), fc.boolean()), { maxLength: 700 });

describe('handles of a live stream', () => {
  it('stand for the very place where the stream was', () =>
    fc.assert(
      fc.property(anyMoves, (moves) => {
        const handles = new Handles();
        const places = new Map<string, LogPlace>();
        const cursor = (): string => toCursorText({ places, start: 'now' } satisfies Cursor);
        const marks = handles.begin(cursor());
        const given = moves.map(([origin, isJump]) => {
          places.set(origin, { epoch: 1, seq: (places.get(origin)?.seq ?? 0) + 1 });
          const place = places.get(origin) ?? { epoch: 1, seq: 0 };
          return [isJump ? marks.at(cursor()) : marks.moved(origin, place, cursor), cursor()] as const;
        });
        for (const [handle, expected] of given)
          expect(parseCursor(handles.cursorOf(handle))).toEqual(parseCursor(expected));
      }),
      { numRuns: 30 },
    ));

  it('are short, and those of another gateway mean nothing', () => {
    const handle = new Handles()
      .begin(toCursorText({ places: new Map(), start: 'now' }))
      .at(toCursorText({ places: new Map(), start: 'beginning' }));
    expect(handle.length).toBeLessThan(50);
    expect(() => new Handles().cursorOf(handle)).toThrow(expect.objectContaining({ code: 'gone' }));
  });
});
