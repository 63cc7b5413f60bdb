import type { IncomingHttpHeaders } from 'node:http2';
import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ErrorCode, MootError } from '../../src/core/errors.js';
import { fromServiceError, isErrorCode, toStatus } from '../../src/wire/error-table.js';

const codes: Readonly<Record<ErrorCode, number>> = {
  invalid: 3,
  not_found: 5,
  already_exists: 6,
  unauthenticated: 16,
  denied: 7,
  full: 8,
  unavailable: 14,
  timed_out: 4,
  gone: 11,
  damaged: 15,
  cancelled: 1,
  unimplemented: 12,
  internal: 13,
};

function arrive({ code, details, metadata }: { code: number; details: string; metadata: Metadata }): Error {
  const headers = Metadata.fromHttp2Headers(metadata.toHttp2Headers() as IncomingHttpHeaders);
  return Object.assign(new Error(details), { code, details: decodeURI(encodeURI(details)), metadata: headers });
}

describe('errors on the wire', () => {
  it('N3 a call that its connection takes along is unavailable, so that who follows goes on from its cursor', () => {
    const ended = (code: number): Error => {
      const details = `Received RST_STREAM with code ${code} (Call ended without gRPC status)`;
      return Object.assign(new Error(details), { code: status.INTERNAL, details, metadata: new Metadata() });
    };
    expect(fromServiceError(ended(0)).code).toBe('unavailable');
    expect(fromServiceError(ended(2)).code).toBe('internal');
  });

  it('each code has its own status', () => {
    for (const [code, expected] of Object.entries(codes))
      expect(toStatus(new MootError(code as ErrorCode, 'x')).code).toBe(expected);
    expect(new Set(Object.values(codes)).size).toBe(Object.keys(codes).length);
  });

  it('arrive with their code, sentence, field and hint', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 100 })
      .map((raw) => raw.replace(/[\p{Cc}\p{Cf}]/gu, '').trim());
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(codes)), text, text, (code, message, hint) => {
        const sent = new MootError(code as ErrorCode, message, { field: 'pageToken', hint });
        const { code: got, message: said, field, hint: tip } = fromServiceError(arrive(toStatus(sent)));
        expect({ got, said, field, tip }).toEqual({ got: code, said: message, field: 'pageToken', tip: hint });
      }),
    );
  });

  it('N8 a refused link arrives with what is refused, and with no word that we do not know', () => {
    for (const refusal of ['waiting', 'silenced', 'denied'] as const)
      expect(fromServiceError(arrive(toStatus(new MootError('denied', 'no', { refusal }))))).toMatchObject({ refusal });
    const status = toStatus(new MootError('denied', 'no'));
    status.metadata.set('moot-refusal', 'toString');
    expect(fromServiceError(arrive(status)).refusal).toBeUndefined();
  });

  it('nothing that was thrown breaks the status, nor tells what a bug said', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const { code, details } = toStatus(thrown);
        expect([code, details]).toEqual([status.INTERNAL, 'internal error']);
      }),
    );
    const half = toStatus(new MootError('invalid', 'half \ud800', { hint: '\udc00%\n' }));
    expect(() => encodeURI(half.details)).not.toThrow();
    expect(fromServiceError(arrive(half)).hint).toBe('\ufffd%');
  });

  it('a status without our trailers is named in our words, and its text is cut and cleaned', () => {
    const metadata = new Metadata();
    const foreign = (code: number, details: string) =>
      fromServiceError(Object.assign(new Error(), { code, details, metadata }));
    expect(foreign(14, 'connect ECONNREFUSED 127.0.0.1:1')).toMatchObject({
      code: 'unavailable',
      message: 'the server cannot be reached',
    });
    const rude = foreign(2, `\u001b[31m${'a'.repeat(100_000)}\u0000`);
    expect(rude.code).toBe('internal');
    expect(rude.message.length).toBeLessThan(300);
    expect(rude.message).not.toContain('\u001b');
  });

  it('trailers that do not fit the status are not believed', () => {
    const metadata = new Metadata();
    metadata.set('moot-code', 'not_found');
    const error = Object.assign(new Error(), { code: status.UNAVAILABLE, details: '', metadata });
    expect(fromServiceError(error).code).toBe('unavailable');
    expect(isErrorCode('constructor')).toBe(false);
  });

  it('what fails on this side is no word of the server', () => {
    expect(fromServiceError(new TypeError('x'))).toMatchObject({ code: 'internal' });
    const own = new MootError('gone', 'x');
    expect(fromServiceError(own)).toBe(own);
  });
});
