import { openBus, parseBusUrl } from '../bus/open-bus.js';
import type { Bus } from '../core/bus.js';
import { systemClock } from '../core/clock.js';
import type { Closing } from './closing.js';
import type { ServerConfig } from './config.js';

/** The bus between replicas; undefined where none was asked for. One that is away is said as a warning, and tried again. */
export async function openReplicaBus(
  { bus, ca, log }: Pick<ServerConfig, 'bus' | 'ca' | 'log'>,
  community: string,
  closing: Closing,
): Promise<Bus | undefined> {
  if (bus === undefined || parseBusUrl(bus) === undefined) return undefined;
  const onChange = (isUp: boolean, text: string): void => log?.({ level: isUp ? 'info' : 'warn', text });
  return closing.owns(await openBus(bus, { community, ca, clock: systemClock, onChange }));
}
