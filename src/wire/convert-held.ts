import type { HeldArticle } from '../core/held.js';
import { limits } from '../core/limits.js';
import { required, shortText, toDateMs } from './check.js';
import { fromWireDraft, toWireDraft } from './convert-draft.js';
import type { HeldArticle as WireHeld } from './gen/moot/v1/community.js';

/** An article that waits for approval, or was refused it. */
export type HeldInfo = Omit<HeldArticle, 'number'>;

export function toWireHeld({ id, draft, member, heldAtMs, refused }: HeldArticle): WireHeld {
  return {
    id,
    draft: toWireDraft(draft),
    memberId: member.memberId,
    memberName: member.memberName,
    heldAtMs: BigInt(heldAtMs),
    refusedAtMs: refused && BigInt(refused.atMs),
    refusedBy: refused?.by ?? '',
    reason: refused?.reason ?? '',
  };
}

/** @throws MootError `invalid` naming the field. */
export function fromWireHeld(held: WireHeld): HeldInfo {
  const { refusedAtMs } = held;
  const refusal = {
    by: shortText(held.refusedBy, 'refusedBy', 2 * limits.nameCharacters),
    reason: shortText(held.reason, 'reason', 2 * limits.titleCodePoints),
  };
  return {
    id: shortText(held.id, 'id', limits.nameCharacters),
    draft: fromWireDraft(required(held.draft, 'draft')),
    member: {
      memberId: shortText(held.memberId, 'memberId', limits.nameCharacters),
      memberName: shortText(held.memberName, 'memberName', 2 * limits.nameCharacters),
    },
    heldAtMs: toDateMs(held.heldAtMs, 'heldAt'),
    refused: refusedAtMs === undefined ? undefined : { atMs: toDateMs(refusedAtMs, 'refusedAt'), ...refusal },
  };
}
