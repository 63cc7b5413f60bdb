import type { Clock } from '../core/clock.js';
import { codeOf, MootError } from '../core/errors.js';
import type { KnownServer } from './known-server.js';

/** So long a replica may take for one article before another one is asked. */
const silentMs = 2500;

/** Where one replica has failed, or is silent for too long, the next attempt is another one's. @throws what `call` throws. */
export async function orNext<T>(call: Promise<T>, server: KnownServer, clock: Clock, signal: AbortSignal): Promise<T> {
  let cancel = (): void => undefined;
  const silent = new Promise<never>((_, reject) => {
    if (server.hasReplicas)
      cancel = clock.after(silentMs, () => reject(new MootError('unavailable', `${server.name} is silent`)));
  });
  try {
    return await Promise.race([call, silent]);
  } catch (error) {
    if (codeOf(error) === 'unavailable' && !signal.aborted) server.turn();
    throw error;
  } finally {
    cancel();
    call.catch(() => undefined);
  }
}
