import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Filters, isDated, noFilters, toLiveQuery, toQuery } from '../../src/web/reading/filters.js';
import { firstPlace, type Place, parsePlace, toHref } from '../../src/web/reading/place.js';

const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
const day = fc
  .date({ min: new Date('2001-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const optional = (words: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(''), words);
const filters: fc.Arbitrary<Filters> = fc.record({
  topics: fc.array(text, { maxLength: 3 }),
  ...{ author: optional(text), text: optional(text), since: optional(day), until: optional(day) },
});
const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ view: fc.constant('read' as const), community: text, filters }),
  fc.record({ view: fc.constant('article' as const), community: text, id: text }),
  fc.record({ view: fc.constant('map' as const), chosen: fc.option(text), asList: fc.boolean() }),
  fc.record({ view: fc.constant('communities' as const), join: fc.option(text) }),
  fc.record({ view: fc.constant('write' as const), community: text, replyTo: fc.option(text) }),
  fc.record({ view: fc.constant('operate' as const), community: fc.option(text) }),
);
const queryOf = (href: string): string => new URL(href, 'http://localhost/').search;

describe('the addresses of the page', () => {
  it('lead back to the very place, filters and full text included', () =>
    fc.assert(
      fc.property(anyPlace, (place) => {
        expect(parsePlace(queryOf(toHref(place)))).toEqual(place);
      }),
    ));

  it('lead somewhere, whatever stands in them', () => {
    expect(parsePlace('')).toEqual(firstPlace);
    expect(parsePlace('?view=nonsense&since=yesterday&topic=')).toEqual(firstPlace);
    fc.assert(fc.property(fc.string(), (search) => typeof parsePlace(search).view === 'string'));
  });

  it('ask for whole days on the reader’s own calendar, the last one included', () => {
    const query = toQuery({ ...noFilters, topics: ['tea'], since: '2026-03-01', until: '2026-03-01' });
    expect(query.get('since')).toBe(new Date(2026, 2, 1).toISOString());
    expect(query.get('until')).toBe(new Date(2026, 2, 2).toISOString());
    expect(toLiveQuery(query).toString()).toBe('topic=tea');
    expect(isDated(query, new Date(2026, 2, 1, 23, 59).toISOString())).toBe(true);
    expect(isDated(query, new Date(2026, 2, 2).toISOString())).toBe(false);
    expect(isDated(toQuery(noFilters), '2026-03-01T00:00:00.000Z')).toBe(true);
  });
});
