import type { Article, Hop, LinkLoad, MemberInfo, Report, ServerInfo } from '../client/index.js';
import { placeOf } from '../core/address.js';
import type { ArticleInfo, CommunityDetail, CommunityInfo, MemberRow, ReportInfo, ReportRow, Trace } from './api.js';

export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

export function toArticleInfo(article: Article): ArticleInfo {
  const {
    id,
    origin,
    originName = null,
    topic,
    author,
    memberId,
    member,
    title = null,
    body,
    replyTo = null,
  } = article;
  return {
    id,
    origin,
    originName,
    epoch: String(article.epoch),
    seq: String(article.seq),
    topic,
    author,
    memberId,
    member,
    title,
    body,
    publishedAt: toIso(article.publishedAtMs),
    storedAt: toIso(article.storedAtMs),
    replyTo,
  };
}

export function toReportInfo({ complete, next, coverageChanged, rows }: Report): ReportInfo {
  return { complete, next: next ?? null, coverageChanged, servers: rows.map(toReportRow) };
}

function toReportRow(row: Report['rows'][number]): ReportRow {
  const { serverId: id, name, outcome, articles, hop, via, tookMs, ageMs = null, reason } = row;
  return { id, name, outcome, articles, hop, via: via || null, tookMs, ageMs, reason: reason || null };
}

export function toCommunityInfo(server: Omit<ServerInfo, 'joined' | 'waiting'>): CommunityInfo {
  const { id, name, address, topics, articles, members, admission, peering, readable } = server;
  return { id, name, address: placeOf(address), topics, articles, members, admission, peering, readable };
}

export function toDetail(
  info: CommunityInfo,
  load: { readonly links: readonly LinkLoad[]; readonly subscribers: number } | undefined,
): CommunityDetail {
  const links = load?.links.map(({ id, name, state, lagMs = null, reason }) => ({
    id,
    name,
    state,
    lagMs,
    reason: reason || null,
  }));
  return { ...info, links: links ?? null, subscribers: load?.subscribers ?? null };
}

export function toTrace(hops: readonly Hop[]): Trace {
  return {
    hops: hops.map(({ id, name, receivedAtMs, reason }) => ({
      id,
      name,
      receivedAt: receivedAtMs === undefined ? null : toIso(receivedAtMs),
      reason: reason || null,
    })),
  };
}

export function toMemberRow({
  id,
  name,
  joinedAtMs,
  role,
}: Pick<MemberInfo, 'id' | 'name' | 'joinedAtMs'> & { readonly role: string }): MemberRow {
  return { id, name, joinedAt: toIso(joinedAtMs), role };
}
