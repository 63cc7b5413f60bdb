import type { Bus } from '../core/bus.js';
import type { Clock } from '../core/clock.js';
import type { Rates, Spent } from '../rpc/rates.js';

const subject = 'rates';
const tellMs = 250;

/** Replicas tell each other what their callers have spent, so that a caller gets no more by asking all of them. @returns ends that. */
export function shareRates(bus: Bus, self: string, rates: Rates, clock: Clock): () => void {
  const takeSpent = rates.share();
  const unhook = bus.subscribe(subject, (data) => {
    const told = readTold(data);
    if (told && told.from !== self) void rates.heard(told.spent);
  });
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.after(tellMs, () => {
      const spent = takeSpent();
      if (spent.length > 0) bus.publish(subject, Buffer.from(JSON.stringify({ from: self, spent } satisfies Told)));
      next();
    });
  };
  next();
  return () => {
    cancel();
    unhook();
  };
}

interface Told {
  readonly from: string;
  readonly spent: Spent;
}

function readTold(data: Uint8Array): Told | undefined {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8')) as Told;
  } catch {
    return undefined;
  }
}
