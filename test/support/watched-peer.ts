import { anyQuestion } from '../../scripts/simulate/simulated-network.js';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import type { Asker, AskFrame, AskRequest } from '../../src/core/asking.js';
import { MootError } from '../../src/core/errors.js';
import { BreakerAsker } from '../../src/federation/breaker-asker.js';
import { Breakers } from '../../src/federation/breakers.js';

const request: AskRequest = {
  ...anyQuestion,
  before: undefined,
  queryId: 'q',
  hop: 1,
  budgetMs: 4900,
  visited: [],
  have: [],
  avoid: [],
};

/** One peer that does as it is told, asked through its breaker. */
export function watchedPeer() {
  const clock = new VirtualClock();
  const noted: string[] = [];
  let renewed = 0;
  const breakers = new Breakers({
    clock,
    random: () => 1,
    note: (_, state, reason) => noted.push(`${state} ${reason}`.trim()),
    onBroken: () => {
      renewed += 1;
    },
  });
  let does: Asker['ask'] = async function* () {
    yield { kind: 'end', calls: 0 };
  };
  let asked = 0;
  const asker = new BreakerAsker(
    {
      ask: (...call) => {
        asked += 1;
        return does(...call);
      },
    },
    breakers,
    clock,
  );
  const ask = async (change: Partial<AskRequest> = {}, signal = new AbortController().signal): Promise<string> => {
    try {
      for await (const _ of asker.ask('B', { ...request, ...change }, signal));
      return 'answered';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return {
    clock,
    noted,
    breakers,
    asker,
    ask,
    asked: () => asked,
    renewed: () => renewed,
    will: (how: Asker['ask']) => {
      does = how;
    },
  };
}

export const fails = (error: unknown): Asker['ask'] =>
  // biome-ignore lint/correctness/useYield: it fails before its first frame
  async function* () {
    throw error;
  };
export const dead = fails(new MootError('unavailable', 'connection refused'));
export const silent: Asker['ask'] = async function* (_peer, _request, signal): AsyncGenerator<AskFrame> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  throw signal.reason;
};
/** A search that hears nothing, and lets go with `reason`. */
export async function letGo(of: ReturnType<typeof watchedPeer>, reason: unknown, budgetMs = 4900): Promise<string> {
  const ending = new AbortController();
  const asking = of.ask({ budgetMs }, ending.signal);
  await Promise.resolve();
  ending.abort(reason);
  return asking;
}
export const silence = new MootError('unavailable', 'silent for 3.7 s');
