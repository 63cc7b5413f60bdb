import type { ArticleRow } from '../../reading/article-rows.js';
import { noFilters } from '../../reading/filters.js';
import { toHref } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { ago, moment } from '../../reading/times.js';
import { Sigil } from '../parts/sigil.js';
import { now } from '../state/clock.js';
import { handleOf } from '../state/network.js';
import { place } from '../state/router.js';

interface FeedRowProps {
  readonly row: ArticleRow;
  readonly place: number;
  readonly of: number;
  /** Why it was taken back; undefined when it was not. */
  readonly retracted: string | undefined;
}

/** One article of a list: whose it is, what it is about, and how it begins. */
export function FeedRow({ row, place: at, of, retracted }: FeedRowProps) {
  const origin = { id: row.origin, name: row.originName };
  const here = place.value.view === 'read' ? place.value : undefined;
  const community = here?.community ?? 'any';
  return (
    <article
      class="row"
      id={`row-${row.id}`}
      tabIndex={-1}
      aria-posinset={at}
      aria-setsize={of}
      aria-labelledby={`title-${row.id}`}
    >
      <p class="row-meta">
        <Sigil of={origin} />
        <a href={toHref({ view: 'read', community: handleOf(origin), filters: noFilters })}>
          <bdi>{nameOf(origin)}</bdi>
        </a>
        <a class="topic" href={toHref({ view: 'read', community, filters: { ...noFilters, topics: [row.topic] } })}>
          {row.topic}
        </a>
        <time dateTime={row.publishedAt} title={moment(row.publishedAt)}>
          {ago(row.publishedAt, now.value)}
        </time>
      </p>
      <h2 id={`title-${row.id}`} dir="auto">
        {retracted === undefined ? (
          <a href={toHref({ view: 'article', community, id: row.id })}>{row.heading}</a>
        ) : (
          <span class="gone">Retracted by its author{retracted === '' ? '' : `: ${retracted}`}</span>
        )}
      </h2>
      {retracted === undefined && (
        <p class="row-text" dir="auto">
          {row.replyTo !== null && <span class="tag">Reply</span>}
          <span class="author">{row.author}</span> {row.excerpt}
        </p>
      )}
    </article>
  );
}
