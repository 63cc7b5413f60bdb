import type { Clock } from '../core/clock.js';
import { invalid } from '../core/errors.js';
import { type Act, type ActKind, type ModerationStore, type NotedAct, parseReason } from '../core/moderation.js';
import type { Author } from '../core/stores.js';

export interface AuditPageRequest {
  /** 1 to 1000; 0 is 100. */
  readonly pageSize: number;
  /** As the page before gave it; '' for the first. */
  readonly pageToken: string;
  /** Only what was done from then on. */
  readonly sinceMs: number;
}

export interface AuditPage {
  readonly acts: readonly NotedAct[];
  /** '' when that was all. */
  readonly nextPageToken: string;
}

/** What an act is about. */
export interface Subject {
  readonly id: string;
  /** Default: none. */
  readonly name?: string;
  /** Default: none. */
  readonly reason?: string;
}

/** Who did what in a community, when and why. It is only ever added to. */
export class Audit {
  constructor(
    private readonly store: ModerationStore,
    private readonly clock: Clock,
  ) {}

  /** An act of now, for a change that notes it with itself. @throws MootError `invalid` naming `reason`. */
  act({ memberId, memberName }: Author, kind: ActKind, { id, name = '', reason = '' }: Subject): Act {
    const by = { memberId, memberName };
    return { atMs: this.clock.now(), by, kind, about: id, aboutName: name, reason: parseReason(reason) };
  }

  /** Notes what was done elsewhere. */
  note(by: Author, kind: ActKind, subject: Subject): Promise<void> {
    return this.store.change([], this.act(by, kind, subject));
  }

  /** In the order in which it was done. @throws MootError `invalid` naming the field. */
  async page({ pageSize, pageToken, sinceMs }: AuditPageRequest): Promise<AuditPage> {
    if (!Number.isSafeInteger(pageSize) || pageSize < 0 || pageSize > 1000)
      throw invalid('pageSize', `pageSize is ${pageSize}; it goes from 1 to 1000, and 0 is 100`);
    if (!/^(\d{1,15})?$/.test(pageToken)) throw invalid('pageToken', 'pageToken is none that this community gave');
    const size = pageSize === 0 ? 100 : pageSize;
    const found = await this.store.acts(Number(pageToken), sinceMs, size + 1);
    const acts = found.slice(0, size);
    const last = found.length > size ? acts.at(-1) : undefined;
    return { acts, nextPageToken: last === undefined ? '' : String(last.number) };
  }
}
