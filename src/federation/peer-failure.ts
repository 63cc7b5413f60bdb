import { codeOf, isMootError } from '../core/errors.js';
import { limits } from '../core/limits.js';
import type { Refusal } from '../core/peering.js';
import type { Outcome } from '../core/row.js';

export interface PeerFailure {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** What a row says of a call that threw. Only refusals may be read by strangers; anything else stays unsaid. */
export function failureOf(error: unknown): PeerFailure {
  const reason = isMootError(error) ? oneLine(error.message) : 'the call failed';
  switch (codeOf(error)) {
    case 'unavailable':
      return { outcome: 'UNREACHABLE', reason };
    case 'timed_out':
      return { outcome: 'DEADLINE', reason };
    case 'denied':
    case 'unauthenticated':
      return { outcome: 'DENIED', reason };
    case 'full':
      return { outcome: 'OVERLOADED', reason };
    default:
      return { outcome: 'FAILED', reason };
  }
}

/** How a link stands over which a call threw. */
export function stateAfter(error: unknown): 'down' | Refusal {
  return (isMootError(error) ? error.refusal : undefined) ?? 'down';
}

// Whoever passes the row on refuses what is no line, and the branch with it.
function oneLine(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, limits.textCharacters)
    .toWellFormed();
}
