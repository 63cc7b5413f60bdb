import { fromBase32, toBase32 } from '../core/base32.js';
import { invalid } from '../core/errors.js';
import { idCharacters, isId } from '../core/ids.js';
import { foldName, parseName } from '../core/name.js';
import type { ListedServer } from '../core/server-entry.js';
import { covers, parseTopic } from '../core/topic.js';
import type { Listing, Place } from './leases.js';

/** Which servers: all that is given must hold, and '' is any. */
export interface ServerFilter {
  /** The exact name, in any case. */
  readonly name: string;
  /** The start of an id, 6 characters or more. */
  readonly idPrefix: string;
  /** A topic that the server takes. */
  readonly topic: string;
}

/** Which part of them. */
export interface ListRequest extends ServerFilter {
  /** 1 to 1000; 0 is 100. */
  readonly pageSize: number;
  /** As the page before gave it; '' for the first. */
  readonly pageToken: string;
}

export interface ServerPage {
  readonly servers: readonly ListedServer[];
  /** '' when that was all. */
  readonly nextPageToken: string;
}

/** A `ListRequest` that was understood. */
export interface Listed {
  readonly pageSize: number;
  readonly after: Place | undefined;
  readonly folded: string | undefined;
  readonly idPrefix: string;
  readonly topic: string | undefined;
}

/** @throws MootError `invalid` naming the field. */
export function parseListRequest(request: ListRequest): Listed {
  const { pageSize, pageToken, name, topic } = request;
  const idPrefix = request.idPrefix.toLowerCase();
  if (!Number.isSafeInteger(pageSize) || pageSize < 0 || pageSize > 1000)
    throw invalid('pageSize', `pageSize is ${pageSize}; it goes from 1 to 1000, and 0 is 100`);
  if (idPrefix !== '' && !/^[0-9a-v]{6,52}$/.test(idPrefix))
    throw invalid('idPrefix', 'idPrefix is not the start of an id: 6 to 52 characters, 0-9 and a-v');
  return {
    pageSize: pageSize === 0 ? 100 : pageSize,
    after: pageToken === '' ? undefined : fromPageToken(pageToken),
    folded: name === '' ? undefined : foldName(parseName(name)),
    idPrefix,
    topic: topic === '' ? undefined : parseTopic(topic),
  };
}

export function isAsked({ folded, idPrefix, topic }: Listed, { entry, folded: name }: Listing): boolean {
  if (folded !== undefined && folded !== name) return false;
  if (!entry.id.startsWith(idPrefix)) return false;
  return topic === undefined || entry.topics.length === 0 || entry.topics.some((taken) => covers(taken, topic));
}

/** Opaque to others: the place of the last server of a page. What comes and goes meanwhile moves nothing else. */
export function toPageToken({ folded, id }: Place): string {
  return toBase32(new TextEncoder().encode(`${id}${folded}`));
}

/** @throws MootError `invalid` unless `toPageToken` could have made it. */
function fromPageToken(token: string): Place {
  const bytes = token.length <= maxTokenCharacters ? fromBase32(token) : undefined;
  const text = bytes === undefined ? '' : new TextDecoder().decode(bytes);
  const place = { id: text.slice(0, idCharacters), folded: text.slice(idCharacters) };
  if (!isId(place.id) || place.folded === '' || toPageToken(place) !== token)
    throw invalid('pageToken', 'pageToken is none that this registry gave');
  return place;
}

// A folded name is at most 64 characters; compatibility folding makes at most 18 of one (U+FDFA), each at most 4 bytes.
const maxTokenCharacters = 8192;
