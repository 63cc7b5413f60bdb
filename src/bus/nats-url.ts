import { formatAddress, parseAddress } from '../core/address.js';
import { invalid, isMootError } from '../core/errors.js';

/** Where a NATS is, and how one is known there. */
export interface NatsPlace {
  /** HOST:PORT. */
  readonly servers: readonly string[];
  readonly user: string | undefined;
  readonly pass: string | undefined;
  readonly token: string | undefined;
  readonly tls: boolean;
}

const usualPort = 4222;
const example = 'write it as nats://HOST:4222, or nats://USER:PASSWORD@HOST:4222';

/**
 * Reads nats://[USER:PASSWORD@ or TOKEN@]HOST[:PORT][,HOST[:PORT]…]; tls:// is the same over TLS.
 * @throws MootError `invalid` naming `bus`; what it says holds no password.
 */
export function parseNatsUrl(url: string): NatsPlace {
  const [, scheme = '', secret, places = ''] = /^(nats|tls):\/\/(?:([^@]*)@)?([^@/?#\s]+)\/?$/.exec(url) ?? [];
  if (scheme === '' || secret === '')
    throw invalid('bus', `bus "${withoutSecret(url)}" is no address of NATS`, example);
  const servers = places.split(',').map((place) => serverOf(place, url));
  const tls = scheme === 'tls';
  if (secret === undefined) return { servers, user: undefined, pass: undefined, token: undefined, tls };
  const [user = '', ...rest] = secret.split(':');
  if (rest.length === 0) return { servers, user: undefined, pass: undefined, token: decoded(user, url), tls };
  return { servers, user: decoded(user, url), pass: decoded(rest.join(':'), url), token: undefined, tls };
}

/** As people may see it. */
export function placeInWords({ servers, tls }: NatsPlace): string {
  return `${tls ? 'tls' : 'nats'}://${servers.join(',')}`;
}

/** A URL as it may be shown: whoever is named before an @ is not. */
export function withoutSecret(url: string): string {
  return url.replace(/^([a-z+]*:\/\/)?.*@/is, '$1…@');
}

function serverOf(place: string, url: string): string {
  try {
    return formatAddress(parseAddress(/:\d*$/.test(place) ? place : `${place}:${usualPort}`, 'bus'));
  } catch (error) {
    if (!isMootError(error)) throw error;
    throw invalid('bus', `bus "${withoutSecret(url)}" is no address of NATS: ${place} is not HOST:PORT`, example);
  }
}

function decoded(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('bus', `bus "${withoutSecret(url)}" holds a % that stands for no character`, example);
  }
}
