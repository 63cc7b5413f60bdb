import type { HeldRow, Operated } from '../../api.js';
import { excerpt } from '../../reading/excerpt.js';
import { ago } from '../../reading/times.js';
import { now } from '../state/clock.js';
import { ActButton } from './act-button.js';
import type { OperateState } from './operate-state.js';

interface HeldArticlesProps {
  readonly operated: Operated;
  readonly state: OperateState;
}

/** The first articles of new members: nobody reads them before they are let in. */
export function HeldArticles({ operated, state }: HeldArticlesProps) {
  const { held } = operated;
  return (
    <section aria-labelledby="held">
      <h2 id="held" tabIndex={-1}>
        Held articles
      </h2>
      {held.length === 0 && <p class="quiet">No article waits to be let in.</p>}
      <ul class="rows">
        {held.map((article) => (
          <li key={article.id}>
            <Held article={article} />
            <span class="actions">
              <ActButton
                state={state}
                act="release"
                about={{ id: article.id }}
                says="Release"
                whom={called(article)}
                done={`${called(article)} is published`}
              />
              <ActButton
                state={state}
                act="refuseArticle"
                about={{ id: article.id }}
                says="Refuse"
                whom={called(article)}
                done={`${called(article)} is refused`}
                asksWhy
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Held({ article }: { readonly article: HeldRow }) {
  const { title, body, member, topic, heldAt } = article;
  return (
    <details class="held">
      <summary>
        <bdi>{title ?? excerpt(body)}</bdi>{' '}
        <span class="quiet">
          by <bdi>{member}</bdi> in {topic}, {ago(heldAt, now.value)}
        </span>
      </summary>
      <p class="held-text">{body}</p>
    </details>
  );
}

function called({ title, member }: HeldRow): string {
  return title === null ? `the article by ${member}` : `“${title}” by ${member}`;
}
