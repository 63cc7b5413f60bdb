import type { ActInfo, BanInfo, HeldInfo, HiddenInfo, InviteInfo, RequestInfo, TokenInfo } from '../../client/index.js';
import { isoOrNull, isoTime } from './time.js';

// As in json-lines.ts: names and their order are part of what scripts rely on.

export function inviteLine({ id, uses, used, madeBy, madeAtMs, expiresAtMs, ...invite }: InviteInfo): object {
  const revokedAt = isoOrNull(invite.revokedAtMs);
  const dates = { madeAt: isoTime(madeAtMs), expiresAt: isoTime(expiresAtMs), revokedAt };
  return { id, uses, used, madeBy, ...dates, member: invite.memberId ?? null };
}

export function requestLine({ id, name, askedAtMs }: RequestInfo): object {
  return { id, name, askedAt: isoTime(askedAtMs) };
}

export function banLine({ name, memberId, sinceMs, untilMs, madeBy, reason }: BanInfo): object {
  return { name, member: memberId, since: isoTime(sinceMs), until: isoOrNull(untilMs), madeBy, reason: reason || null };
}

export function tokenLine({ id, name, role, tokenId, tokenAtMs, seenAtMs }: TokenInfo): object {
  return { id, name, role, token: tokenId ?? null, madeAt: isoTime(tokenAtMs), lastUsedAt: isoOrNull(seenAtMs) };
}

export function hiddenLine({ id, origin, epoch, seq, by, atMs, reason }: HiddenInfo): object {
  return { id, origin, epoch: String(epoch), seq: String(seq), by, since: isoTime(atMs), reason: reason || null };
}

export function heldLine({ id, draft, member, heldAtMs, refused }: HeldInfo): object {
  const { topic, author, title, body, replyTo } = draft;
  const article = { topic, author: author ?? null, title: title ?? null, body, replyTo: replyTo ?? null };
  const refusal = {
    refusedAt: isoOrNull(refused?.atMs),
    refusedBy: refused?.by ?? null,
    reason: refused?.reason || null,
  };
  return {
    id,
    memberId: member.memberId,
    member: member.memberName,
    ...article,
    heldAt: isoTime(heldAtMs),
    ...refusal,
  };
}

export function actLine({ number, atMs, by, kind, about, aboutName, reason }: ActInfo): object {
  const who = { byId: by.memberId || null, by: by.memberName };
  const whom = { about, aboutName: aboutName || null, reason: reason || null };
  return { number: String(number), at: isoTime(atMs), ...who, act: kind, ...whom };
}
