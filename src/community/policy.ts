import { MootError } from '../core/errors.js';
import type { Admission } from './membership.js';

export type Peering = 'open' | 'approval' | 'closed';

/** Who may link to a community: open where admission is open, unless its operator says otherwise. */
export function peeringOf(peering: Peering | undefined, admission: Admission): Peering {
  return peering ?? (admission === 'open' ? 'open' : 'approval');
}

/** @throws MootError `denied`, with a sentence for the other side, unless servers that proved their key may link here. */
export function requirePeering(peering: Peering, name: string): void {
  if (peering === 'closed') throw new MootError('denied', `${name} accepts no links`);
  if (peering === 'approval')
    throw new MootError('denied', `${name} accepts links only after its operator has approved them`);
}
