import { describe, expect, it } from '@jest/globals';
import { isAddress, pickServer } from '../../src/client/lookup.js';
import { nearMisses } from '../../src/core/near-miss.js';
import { idOf } from '../support/server-entries.js';

const hamlet = { id: `abcdef1${idOf('hamlet').slice(7)}`, name: 'Hamlet', address: 'localhost:1' };
const othello = { id: `abcdef2${idOf('othello').slice(7)}`, name: 'Othello', address: 'localhost:2' };
const odd = { id: idOf('odd'), name: 'abcdef', address: 'localhost:3' };
const all = [hamlet, othello];

describe('which community SERVER means', () => {
  it('what has a colon is an address', () => {
    expect(isAddress('localhost:50052')).toBe(true);
    expect(isAddress('Hamlet')).toBe(false);
  });

  it('a name is exact, in any case', () => {
    expect(pickServer('hAMLET', all)).toBe(hamlet);
    expect(() => pickServer('Haml', all)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('else it is the start of an id, of 6 characters or more', () => {
    expect(pickServer('abcdef1', all)).toBe(hamlet);
    expect(pickServer('ABCDEF2', all)).toBe(othello);
    expect(() => pickServer(odd.id.slice(0, 5), [odd])).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('a name goes before the start of an id', () => {
    expect(pickServer('abcdef', [...all, odd])).toBe(odd);
  });

  it('what is ambiguous lists the candidates', () => {
    const error = expect.objectContaining({ code: 'invalid', message: expect.stringMatching(/Hamlet .*, Othello /) });
    expect(() => pickServer('abcdef', all)).toThrow(error);
    expect(() => pickServer('hamlet', [hamlet, { ...othello, name: 'HAMLET' }])).toThrow(
      expect.objectContaining({
        code: 'invalid',
        message: expect.stringMatching(
          /Hamlet \(abcdef1.{5}… at localhost:1\), HAMLET \(abcdef2.{5}… at localhost:2\)$/,
        ),
        hint: 'the id or the address of one, as in localhost:1',
      }),
    );
  });

  it('a near miss is suggested', () => {
    expect(() => pickServer('hamelt', all)).toThrow(expect.objectContaining({ hint: 'did you mean Hamlet?' }));
    expect(() => pickServer('macbeth', all)).toThrow(expect.objectContaining({ hint: 'moot servers' }));
  });

  it('near is one slip in a short word, and a third of a long one; a letter is sooner left out than taken for another', () => {
    expect(nearMisses('cat', ['car', 'dog', 'cart', 'act'])).toEqual(['cart', 'act', 'car']);
    expect(nearMisses('Server50052', ['Server50053', 'Server50052-ab12', 'Other'])).toEqual(['Server50053']);
  });
});
