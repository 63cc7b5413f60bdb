import { type Draft, parseKey } from '../core/draft.js';
import { fromId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Published } from '../core/stores.js';
import { required, shortText, toDateMs, toNumber } from './check.js';
import type { Draft as WireDraft } from './gen/moot/v1/article.js';
import type { PublishRequest, PublishResponse, RetractResponse } from './gen/moot/v1/community.js';

export function toWireDraft(draft: Draft): WireDraft {
  return {
    topic: draft.topic,
    author: draft.author,
    title: draft.title,
    body: draft.body,
    publishedAtMs: draft.publishedAtMs === undefined ? undefined : BigInt(draft.publishedAtMs),
    replyTo: draft.replyTo,
    mediaType: draft.mediaType,
  };
}

/** The draft as sent; its limits are `parseDraft`'s, which knows what the community takes. @throws MootError `invalid`. */
export function fromWireDraft(draft: WireDraft): Draft {
  return {
    topic: draft.topic,
    author: draft.author,
    title: draft.title,
    body: draft.body,
    publishedAtMs: draft.publishedAtMs === undefined ? undefined : toDateMs(draft.publishedAtMs, 'publishedAt'),
    replyTo: draft.replyTo,
    mediaType: draft.mediaType,
  };
}

export interface PublishCall {
  readonly draft: Draft;
  /** Idempotency key, '' for none. */
  readonly key: string;
}

export function toWirePublish({ draft, key }: PublishCall): PublishRequest {
  return { draft: toWireDraft(draft), key };
}

/** @throws MootError `invalid`. */
export function fromWirePublish({ draft, key }: PublishRequest): PublishCall {
  return { draft: fromWireDraft(required(draft, 'draft')), key: parseKey(key) };
}

export function toWirePublished(published: Published): PublishResponse {
  return {
    id: published.id,
    origin: published.origin,
    epoch: BigInt(published.epoch),
    seq: BigInt(published.seq),
    publishedAtMs: BigInt(published.publishedAtMs),
    duplicate: published.duplicate,
    held: published.held === true,
  };
}

/** @throws MootError `invalid`. */
export function fromWirePublished(published: PublishResponse): Published {
  if (published.held) return fromWireHeldAck(published);
  fromId(published.id, 'id');
  fromId(published.origin, 'origin');
  return {
    id: published.id,
    origin: published.origin,
    epoch: toNumber(published.epoch, 'epoch', 1),
    seq: toNumber(published.seq, 'seq', 1),
    publishedAtMs: toDateMs(published.publishedAtMs, 'publishedAt'),
    duplicate: published.duplicate,
  };
}

function fromWireHeldAck({ id, origin, publishedAtMs, duplicate }: PublishResponse): Published {
  fromId(origin, 'origin');
  return {
    id: shortText(id, 'id', limits.nameCharacters),
    origin,
    epoch: 0,
    seq: 0,
    publishedAtMs: toDateMs(publishedAtMs, 'publishedAt'),
    duplicate,
    held: true,
  };
}

/** The acknowledgement of a retraction; its date is its own business. */
export function toWireRetracted({ publishedAtMs: _, held: __, ...place }: Published): RetractResponse {
  return { ...place, epoch: BigInt(place.epoch), seq: BigInt(place.seq) };
}

/** @throws MootError `invalid`. */
export function fromWireRetracted({
  id,
  origin,
  epoch,
  seq,
  duplicate,
}: RetractResponse): Omit<Published, 'publishedAtMs'> {
  fromId(id, 'id');
  fromId(origin, 'origin');
  return { id, origin, epoch: toNumber(epoch, 'epoch', 1), seq: toNumber(seq, 'seq', 1), duplicate };
}
