import { MootError } from '../core/errors.js';
import type { PeerLevel, Refusal } from '../core/peering.js';
import type { Admission } from './membership.js';

/** Who may link to a community of whom its operator has said nothing. */
export type PeeringPolicy = 'open' | 'approval' | 'closed';

/** Open where admission is open, unless the operator says otherwise. */
export function peeringOf(peering: PeeringPolicy | undefined, admission: Admission): PeeringPolicy {
  return peering ?? (admission === 'open' ? 'open' : 'approval');
}

/**
 * Why `caller` is refused, with a sentence for its operator; undefined when it is not.
 * @param name of the community that is called. @param level what its operator has said of the caller, if that still holds.
 */
export function refusalOf(name: string, policy: PeeringPolicy, level: PeerLevel | undefined): MootError | undefined {
  if (level?.level === 'deny') return refused('denied', `${name} denies this community${why(level)}`);
  if (level?.level === 'silence') return refused('silenced', `${name} gives this community no feed${why(level)}`);
  if (level || policy === 'open') return undefined;
  return policy === 'closed'
    ? refused('denied', `${name} accepts no links`)
    : refused('waiting', `the link waits for the approval of ${name}’s operator`);
}

function why({ reason, untilMs }: PeerLevel): string {
  const end =
    untilMs === undefined ? '' : ` until ${new Date(untilMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${end}${reason === '' ? '' : `: ${reason}`}`;
}

function refused(refusal: Refusal, sentence: string): MootError {
  return new MootError('denied', sentence, { refusal });
}
