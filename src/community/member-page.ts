import { fromBase32, toBase32 } from '../core/base32.js';
import { invalid } from '../core/errors.js';
import type { MemberEntry, MemberStore } from '../core/stores.js';

export interface MemberPageRequest {
  /** 1 to 1000; 0 is 100. */
  readonly pageSize: number;
  /** As the page before gave it; '' for the first. */
  readonly pageToken: string;
}

export interface MemberPage {
  readonly members: readonly MemberEntry[];
  /** '' when that was all. */
  readonly nextPageToken: string;
}

/** Who is a member now, page by page, in the order of their ids. @throws MootError `invalid` naming the field. */
export async function memberPage(store: MemberStore, { pageSize, pageToken }: MemberPageRequest): Promise<MemberPage> {
  if (!Number.isSafeInteger(pageSize) || pageSize < 0 || pageSize > 1000)
    throw invalid('pageSize', `pageSize is ${pageSize}; it goes from 1 to 1000, and 0 is 100`);
  const size = pageSize === 0 ? 100 : pageSize;
  const found = await store.page(pageToken === '' ? '' : fromPageToken(pageToken), size + 1);
  const members = found.slice(0, size);
  const last = found.length > size ? members.at(-1) : undefined;
  return { members, nextPageToken: last === undefined ? '' : toPageToken(last.id) };
}

/** Opaque to others: the id of the last member of a page. */
function toPageToken(id: string): string {
  return toBase32(new TextEncoder().encode(id));
}

function fromPageToken(token: string): string {
  const bytes = token.length <= mostTokenCharacters ? fromBase32(token) : undefined;
  const id = bytes === undefined ? '' : new TextDecoder().decode(bytes);
  if (!/^[\da-f-]{36}$/.test(id) || toPageToken(id) !== token)
    throw invalid('pageToken', 'pageToken is none that this community gave');
  return id;
}

// The 36 characters of a UUID.
const mostTokenCharacters = 58;
