import type { Bus } from '../core/bus.js';
import type { Clock } from '../core/clock.js';
import { invalid } from '../core/errors.js';
import { LocalBus } from './local.js';
import { type NatsPlace, parseNatsUrl, withoutSecret } from './nats-url.js';

export interface BusOptions {
  /** Its id: communities that share a NATS do not hear each other. */
  readonly community: string;
  /** PEM of who vouches for a NATS with tls://; none: whom the system trusts. */
  readonly ca?: string | undefined;
  readonly clock: Clock;
  /** Told when a bus goes away, and when it is there again. */
  readonly onChange: (isUp: boolean, text: string) => void;
}

/** Opens `local:` or `nats://HOST:PORT`; one that is away is no error. @throws MootError `invalid` naming `bus`. */
export async function openBus(url: string, options: BusOptions): Promise<Bus> {
  const place = parseBusUrl(url);
  if (place === undefined) return new LocalBus();
  const { NatsBus } = await import('./nats.js');
  return NatsBus.open({ ...options, place });
}

/** @returns where the NATS is, and undefined for `local:`. @throws MootError `invalid` naming `bus`. */
export function parseBusUrl(url: string): NatsPlace | undefined {
  if (url === 'local:') return undefined;
  if (/^(nats|tls):/.test(url)) return parseNatsUrl(url);
  throw invalid(
    'bus',
    `bus "${withoutSecret(url)}" is not one that moot knows`,
    'write it as nats://HOST:4222, or local:',
  );
}
