import { isMootError, MootError } from '../core/errors.js';
import { fromId, type OriginId } from '../core/ids.js';
import type { LogStore } from '../core/log.js';
import type { ArticleStore } from '../core/stores.js';
import { type Hop, longestWay, type TraceQuestion, type Tracer } from '../core/trace.js';

export interface TraceParts {
  readonly self: OriginId;
  readonly name: () => string;
  readonly nameOf: (server: OriginId) => string;
  readonly articles: ArticleStore;
  readonly logs: LogStore;
  readonly tracer: Tracer;
}

/** The way an article took to this server. @throws MootError `not_found` when it is not kept here. */
export async function trace(parts: TraceParts, id: string): Promise<readonly Hop[]> {
  fromId(id);
  const article = await parts.articles.get(id);
  if (!article)
    throw new MootError('not_found', 'no such article is kept here', {
      field: 'id',
      hint: 'ask a server that shows it, with its whole id',
    });
  const { origin, epoch, seq } = article.entry;
  return traceBack(parts, { origin, place: { epoch, seq }, asked: [] });
}

/** The way of an entry from this server back. Where it cannot be followed, the last hop says why. */
export async function traceBack(parts: TraceParts, question: TraceQuestion): Promise<readonly Hop[]> {
  const { self, logs, tracer } = parts;
  const { origin, place, asked } = question;
  const whence = await logs.whence(origin, place);
  const own: Hop = { id: self, name: parts.name(), receivedAtMs: whence?.storedAtMs, reason: '' };
  if (!whence) return [{ ...own, reason: 'it is not kept here' }];
  const { via } = whence;
  if (origin === self && via === undefined) return [own];
  if (via === undefined || via === self) return [{ ...own, reason: 'nobody is known to have brought it' }];
  if (asked.includes(via) || asked.length >= longestWay) return [{ ...own, reason: 'the way goes in a circle' }];
  try {
    return [own, ...(await tracer.traceBack(via, { ...question, asked: [...asked, self] }))];
  } catch (error) {
    const reason = isMootError(error) ? error.message : 'it could not be asked';
    return [own, { id: via, name: parts.nameOf(via), receivedAtMs: undefined, reason }];
  }
}
