import type { LinkLoad, Moot } from '../../client/index.js';
import { quoted } from '../../client/quoted.js';
import { isMootError } from '../../core/errors.js';
import type { Check } from './check.js';
import type { Listed } from './registries.js';

/** Twelve heartbeats that said nothing new. */
const lateMs = 60_000;

/** The links of each community that is run or was joined from here; of others nobody here may know. */
export async function* checkLinks(moot: Moot, listed: Iterable<Listed>): AsyncGenerator<Check> {
  for (const server of listed) {
    try {
      for (const link of (await moot.linksOf(server)) ?? []) yield checkLink(server.name, link);
    } catch (error) {
      // That it is away, or knows us no longer, is said of the server and of the membership.
      if (!isMootError(error)) throw error;
    }
  }
}

/** One link of `from`, as that says it stands. */
export function checkLink(from: string, { id, name: said, state, lagMs, reason }: LinkLoad): Check {
  const check = 'link';
  const name = said || `${id.slice(0, 12)}…`;
  const link = `${from} → ${name}`;
  const why = reason === '' ? '' : `: ${reason}`;
  const [a, b] = [quoted(from), quoted(name)];
  if (state === 'down') {
    const hint = `start ${name}, or see where it is: moot servers; where it is gone for good: moot disconnect ${a} ${b}`;
    return { check, status: 'FAIL', detail: `${link} is down${why}`, hint };
  }
  if (state !== 'up' && state !== 'unknown') {
    const hint = `its operator decides: moot approve ${b} ${a}`;
    return { check, status: 'warning', detail: `${link} is ${state}${why}`, hint };
  }
  if (reason !== '') {
    const hint = `link to another server that carries that log (moot connect ${a} SERVER), and ask who runs ${name}`;
    return { check, status: 'FAIL', detail: `${link} does not bring all${why}`, hint };
  }
  const seconds = Math.round((lagMs ?? 0) / 1000);
  if (lagMs !== undefined && lagMs > lateMs)
    return {
      check,
      status: 'warning',
      detail: `${link} is ${seconds} s behind`,
      hint: `look at how busy both are: moot top; and at their clocks`,
    };
  return { check, status: 'ok', detail: `${link} is ${state}` };
}
