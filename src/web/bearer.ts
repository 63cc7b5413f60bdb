import type { FastifyRequest } from 'fastify';
import { MootError } from '../core/errors.js';

/** The token that the browser shows. @throws MootError `unauthenticated` for a header that holds none. */
export function tokenOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const token = /^bearer ([!-~]{1,4096})$/i.exec(authorization)?.[1];
  if (token === undefined)
    throw new MootError('unauthenticated', 'the authorization header holds no token', { hint: 'Bearer TOKEN' });
  return token;
}

/** @throws MootError `unauthenticated` without one. */
export function requireToken(request: Pick<FastifyRequest, 'headers'>, whose = 'a member’s'): string {
  const token = tokenOf(request);
  if (token === undefined)
    throw new MootError('unauthenticated', `this needs ${whose} token`, { hint: 'authorization: Bearer TOKEN' });
  return token;
}
