import type { ArticleInfo } from '../../api.js';
import { noFilters } from '../../reading/filters.js';
import { toHref } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { ago, moment } from '../../reading/times.js';
import { Sigil } from '../parts/sigil.js';
import { now } from '../state/clock.js';
import { handleOf } from '../state/network.js';

type Signed = Pick<ArticleInfo, 'origin' | 'originName' | 'author' | 'member' | 'topic' | 'publishedAt'>;

/** Who wrote it, where, about what and when; each leads to more of the same. */
export function Byline({ article }: { readonly article: Signed }) {
  const origin = { id: article.origin, name: article.originName };
  const community = handleOf(origin);
  return (
    <p class="byline">
      <Sigil of={origin} />
      <a href={toHref({ view: 'read', community: 'any', filters: { ...noFilters, author: article.author } })}>
        <bdi>{article.author}</bdi>
      </a>
      {article.author !== article.member && (
        <span>
          {' '}
          (member <bdi>{article.member}</bdi>)
        </span>
      )}{' '}
      in{' '}
      <a href={toHref({ view: 'read', community, filters: noFilters })}>
        <bdi>{nameOf(origin)}</bdi>
      </a>
      <a
        class="topic"
        href={toHref({ view: 'read', community: 'any', filters: { ...noFilters, topics: [article.topic] } })}
      >
        {article.topic}
      </a>
      <time dateTime={article.publishedAt} title={moment(article.publishedAt)}>
        {ago(article.publishedAt, now.value)}
      </time>
    </p>
  );
}
