import type { Faults } from './simulated-server.js';

export type Failure = 'dead' | 'frozen' | 'slow';

/** How long the store of a slow server takes. */
const slowMs = 200;

/**
 * Draws who fails: a `share` of all servers, never the one that is asked (number 0). A third of them each is dead from the start,
 * falls silent at some moment of the first `withinMs`, and is slow; a slow one is healthy, and answers.
 */
export function drawFailures(
  servers: number,
  share: number,
  withinMs: number,
  random: () => number,
): ReadonlyMap<number, Failing> {
  const failing = new Map<number, Failing>();
  for (let server = 1; server < servers; server += 1) {
    if (random() >= share) continue;
    const kind = (['dead', 'frozen', 'slow'] as const)[Math.floor(random() * 3)] ?? 'dead';
    failing.set(server, { kind, faults: faultsOf(kind, random() * withinMs) });
  }
  return failing;
}

export interface Failing {
  readonly kind: Failure;
  readonly faults: Faults;
}

function faultsOf(kind: Failure, momentMs: number): Faults {
  if (kind === 'dead') return { diesAtMs: 0 };
  return kind === 'frozen' ? { freezesAtMs: momentMs } : { slowMs };
}
