import type { ArticleInfo } from '../../api.js';
import { toHref } from '../../reading/place.js';
import { type Branch, toBranches } from '../../reading/thread.js';
import { counted } from '../../reading/times.js';
import { Markdown } from '../markdown/markdown.js';
import { place } from '../state/router.js';
import { Actions } from './actions.js';
import { Byline } from './byline.js';

interface RepliesProps {
  readonly to: ArticleInfo;
  readonly replies: readonly ArticleInfo[];
  readonly retracted: ReadonlyMap<string, string>;
}

/** Deeper than this a thread goes on without moving in: a phone has no room for more. */
const deepest = 3;

/** The thread under an article, the oldest first. */
export function Replies({ to, replies, retracted }: RepliesProps) {
  const title =
    replies.length === 0 ? 'No replies yet' : replies.length === 1 ? '1 reply' : counted(replies.length, 'reply');
  return (
    <section class="replies" aria-labelledby="replies">
      <h2 id="replies">{title}</h2>
      {replies.length === 0 && <p class="quiet">A reply appears here as soon as it arrives.</p>}
      <Level branches={toBranches(to.id, replies)} depth={0} retracted={retracted} />
    </section>
  );
}

interface LevelProps {
  readonly branches: readonly Branch[];
  readonly depth: number;
  readonly retracted: ReadonlyMap<string, string>;
}

function Level({ branches, depth, retracted }: LevelProps) {
  if (branches.length === 0) return null;
  return (
    <ol class={depth > 0 && depth <= deepest ? 'level inside' : 'level'}>
      {branches.map(({ article, replies }) => (
        <li key={article.id}>
          <Reply article={article} why={retracted.get(article.id)} />
          <Level branches={replies} depth={depth + 1} retracted={retracted} />
        </li>
      ))}
    </ol>
  );
}

function Reply({ article, why }: { readonly article: ArticleInfo; readonly why: string | undefined }) {
  const community = place.value.view === 'article' ? place.value.community : 'any';
  return (
    <article id={`reply-${article.id}`} aria-label={`Reply by ${article.author}`}>
      <Byline article={article} />
      {article.title !== null && <h3 dir="auto">{article.title}</h3>}
      {why === undefined ? (
        <Markdown text={article.body} top={article.title === null ? 3 : 4} />
      ) : (
        <p class="gone">Retracted{why === '' ? '' : `: ${why}`}</p>
      )}
      <div class="reply-foot">
        <Actions article={article} isRetracted={why !== undefined} />
        <a href={toHref({ view: 'article', community, id: article.id })}>By itself</a>
      </div>
    </article>
  );
}
