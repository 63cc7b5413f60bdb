import type { Article, Hop, MemberInfo, PeerInfo, ServerInfo } from '../../client/index.js';
import type { Report, Row } from '../../core/row.js';
import type { Published } from '../../core/stores.js';
import { isoOrNull, isoTime } from './time.js';

// One object a line. Names and their order are part of what scripts rely on (the README lists them), so each is written
// out here; absent is null, times are ISO, sequence numbers and epochs are text, since a script's numbers may be floats.

export function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

export function serverLine(server: ServerInfo): object {
  const { id, name, address, addresses, topics, articles, members, peers, joined, waiting } = server;
  const said = { id, name, address, topics, articles, members, peers, joined };
  return { ...said, ...(waiting && { waiting }), ...(addresses && { addresses }) };
}

export function publishedLine(published: Published): object {
  return {
    id: published.id,
    origin: published.origin,
    epoch: String(published.epoch),
    seq: String(published.seq),
    publishedAt: isoTime(published.publishedAtMs),
    duplicate: published.duplicate,
    held: published.held === true,
  };
}

export function articleLine(article: Article): object {
  return {
    type: 'article',
    id: article.id,
    origin: article.origin,
    originName: article.originName ?? null,
    epoch: String(article.epoch),
    seq: String(article.seq),
    topic: article.topic,
    author: article.author,
    member: article.member,
    title: article.title ?? null,
    body: article.body,
    publishedAt: isoTime(article.publishedAtMs),
    storedAt: isoTime(article.storedAtMs),
    replyTo: article.replyTo ?? null,
  };
}

export function hopLine(hops: readonly Hop[]): object {
  return {
    hops: hops.map(({ id, name, receivedAtMs, reason }) => ({
      id,
      name,
      receivedAt: isoOrNull(receivedAtMs),
      reason: reason === '' ? null : reason,
    })),
  };
}

export function reportLine(report: Report): object {
  const { complete, next, rounds, calls, rows } = report;
  return { type: 'report', complete, next: next ?? null, rounds, calls, servers: rows.map(rowObject) };
}

function rowObject(row: Row): object {
  return {
    id: row.serverId,
    name: row.name,
    outcome: row.outcome,
    articles: row.articles,
    hop: row.hop,
    via: row.via === '' ? null : row.via,
    tookMs: row.tookMs,
    ageMs: row.ageMs ?? null,
    reason: row.reason === '' ? null : row.reason,
    links: row.links,
  };
}

export function memberLine({ id, name, joinedAtMs, role }: MemberInfo): object {
  return { id, name, joinedAt: isoTime(joinedAtMs), role };
}

function numberOrNull(value: number | undefined): string | null {
  return value === undefined ? null : String(value);
}

export function peerLine(peer: PeerInfo): object {
  return {
    from: peer.from,
    to: peer.to,
    state: peer.state,
    since: isoTime(peer.sinceMs),
    lagMs: peer.lagMs ?? null,
    mirroredTo: numberOrNull(peer.mirroredTo),
    length: numberOrNull(peer.length),
    level: peer.level ?? null,
    reason: peer.reason ?? null,
    until: isoOrNull(peer.untilMs),
  };
}
