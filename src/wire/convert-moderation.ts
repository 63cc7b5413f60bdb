import { fromId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Ban, HiddenArticle, Invite, JoinRequest, NotedAct } from '../core/moderation.js';
import type { Member } from '../core/stores.js';
import { required, shortText, toDateMs, toNumber } from './check.js';
import { fromWireMember, toWireMember } from './convert-member.js';
import type { Membership as WireMembership } from './gen/moot/v1/community.js';
import type {
  JoinRequestEntry,
  Act as WireAct,
  Ban as WireBan,
  HiddenArticle as WireHidden,
  Invite as WireInvite,
} from './gen/moot/v1/moderation.js';

/** A member, and what others than they may know of their token. */
export interface TokenInfo {
  readonly id: string;
  readonly name: string;
  readonly joinedAtMs: number;
  readonly role: Member['role'];
  /** The first 8 hexadecimal digits of the token's SHA-256; undefined when it was revoked. */
  readonly tokenId: string | undefined;
  readonly tokenAtMs: number;
  /** When it was last used, to within ten minutes over a restart. */
  readonly seenAtMs: number | undefined;
}

export type InviteInfo = Omit<Invite, 'codeHash'>;
export type RequestInfo = Pick<JoinRequest, 'id' | 'name' | 'askedAtMs'>;

const textLimit = 2 * limits.titleCodePoints;
const nameLimit = 2 * limits.nameCharacters;

export function toWireMembership(member: Member, seenAtMs: number | undefined): WireMembership {
  return {
    member: toWireMember(member),
    tokenId: Buffer.from(member.tokenHash).toString('hex').slice(0, 8),
    tokenAtMs: BigInt(member.tokenAtMs),
    seenAtMs: optional(seenAtMs),
  };
}

/** @throws MootError `invalid` naming the field; so do all that follow. */
export function fromWireMembership({ member, tokenId, tokenAtMs, seenAtMs }: WireMembership): TokenInfo {
  return {
    ...fromWireMember(required(member, 'member')),
    tokenId: tokenId === '' ? undefined : shortText(tokenId, 'tokenId', 8),
    tokenAtMs: toDateMs(tokenAtMs, 'tokenAt'),
    seenAtMs: seenAtMs === undefined ? undefined : toDateMs(seenAtMs, 'seenAt'),
  };
}

export function toWireInvite({ id, madeBy, madeAtMs, expiresAtMs, uses, used, ...more }: Invite): WireInvite {
  const revokedAtMs = optional(more.revokedAtMs);
  const dates = { madeAtMs: BigInt(madeAtMs), expiresAtMs: BigInt(expiresAtMs), revokedAtMs };
  return { id, madeBy, uses, used, ...dates, memberId: more.memberId };
}

export function fromWireInvite(invite: WireInvite): InviteInfo {
  const { uses, used, memberId, revokedAtMs } = invite;
  return {
    id: shortText(invite.id, 'id', limits.nameCharacters),
    madeBy: shortText(invite.madeBy, 'madeBy', nameLimit),
    madeAtMs: toDateMs(invite.madeAtMs, 'madeAt'),
    expiresAtMs: toDateMs(invite.expiresAtMs, 'expiresAt'),
    uses,
    used,
    memberId,
    revokedAtMs: revokedAtMs === undefined ? undefined : toDateMs(revokedAtMs, 'revokedAt'),
  };
}

export function toWireRequest({ id, name, askedAtMs }: JoinRequest): JoinRequestEntry {
  return { id, name, askedAtMs: BigInt(askedAtMs) };
}

export function fromWireRequest({ id, name, askedAtMs }: JoinRequestEntry): RequestInfo {
  return {
    id: shortText(id, 'id', limits.nameCharacters),
    name: shortText(name, 'name', nameLimit),
    askedAtMs: toDateMs(askedAtMs, 'askedAt'),
  };
}

export function toWireBan({ sinceMs, untilMs, ...ban }: Ban): WireBan {
  return { ...ban, sinceMs: BigInt(sinceMs), untilMs: optional(untilMs) };
}

export function fromWireBan(ban: WireBan): Ban {
  return {
    name: shortText(ban.name, 'name', nameLimit),
    memberId: shortText(ban.memberId, 'memberId', limits.nameCharacters),
    sinceMs: toDateMs(ban.sinceMs, 'since'),
    untilMs: ban.untilMs === undefined ? undefined : toDateMs(ban.untilMs, 'until'),
    reason: shortText(ban.reason, 'reason', textLimit),
    madeBy: shortText(ban.madeBy, 'madeBy', nameLimit),
  };
}

export function toWireHidden({ epoch, seq, atMs, ...hidden }: HiddenArticle): WireHidden {
  return { ...hidden, epoch: BigInt(epoch), seq: BigInt(seq), hiddenAtMs: BigInt(atMs) };
}

export function fromWireHidden({ id, origin, epoch, seq, by, hiddenAtMs, reason }: WireHidden): HiddenArticle {
  fromId(id, 'id');
  fromId(origin, 'origin');
  return {
    id,
    origin,
    epoch: toNumber(epoch, 'epoch', 1),
    seq: toNumber(seq, 'seq', 1),
    by: shortText(by, 'by', nameLimit),
    atMs: toDateMs(hiddenAtMs, 'hiddenAt'),
    reason: shortText(reason, 'reason', textLimit),
  };
}

export function toWireAct({ number, atMs, by, kind, about, aboutName, reason }: NotedAct): WireAct {
  const [byId, byName] = [by.memberId, by.memberName];
  return { number: BigInt(number), atMs: BigInt(atMs), byId, byName, kind, about, aboutName, reason };
}

/** The kind as it came: a newer server may do what is not known here. */
export function fromWireAct(act: WireAct): Omit<NotedAct, 'kind'> & { readonly kind: string } {
  return {
    number: toNumber(act.number, 'number', 1),
    atMs: toDateMs(act.atMs, 'at'),
    by: {
      memberId: shortText(act.byId, 'byId', limits.nameCharacters),
      memberName: shortText(act.byName, 'byName', nameLimit),
    },
    kind: shortText(act.kind, 'kind', limits.nameCharacters),
    about: shortText(act.about, 'about', limits.nameCharacters),
    aboutName: shortText(act.aboutName, 'aboutName', nameLimit),
    reason: shortText(act.reason, 'reason', textLimit),
  };
}

function optional(ms: number | undefined): bigint | undefined {
  return ms === undefined ? undefined : BigInt(ms);
}
