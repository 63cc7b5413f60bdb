import type { ArticleInfo } from '../../api.js';
import { toRow } from '../../reading/article-rows.js';
import { toHref } from '../../reading/place.js';
import { place } from '../state/router.js';
import { Byline } from './byline.js';

/** What an article answers, the oldest first, each in a few lines. */
export function Ancestors({ of, ancestors }: { readonly of: ArticleInfo; readonly ancestors: readonly ArticleInfo[] }) {
  if (of.replyTo === null) return null;
  const community = place.value.view === 'article' ? place.value.community : 'any';
  return (
    <section class="ancestors" aria-label="What it answers">
      {ancestors.length === 0 && <p class="quiet">It answers an article that cannot be had now.</p>}
      {ancestors.map(toRow).map((row) => (
        <article key={row.id}>
          <Byline article={row} />
          <h2 dir="auto">
            <a href={toHref({ view: 'article', community, id: row.id })}>{row.heading}</a>
          </h2>
          <p dir="auto">{row.excerpt}</p>
        </article>
      ))}
    </section>
  );
}
