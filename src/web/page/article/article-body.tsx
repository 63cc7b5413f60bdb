import type { ArticleInfo } from '../../api.js';
import { Markdown } from '../markdown/markdown.js';
import { Notice } from '../parts/notice.js';
import { Actions } from './actions.js';
import { Byline } from './byline.js';
import { SealMark } from './seal-mark.js';
import type { ThreadState } from './thread-state.js';
import { Way } from './way.js';

/** The article itself, with the mark of its seal and the way it took. */
export function ArticleBody({ article, thread }: { readonly article: ArticleInfo; readonly thread: ThreadState }) {
  const why = thread.retracted.value.get(article.id);
  return (
    <article class="full">
      <h1 tabIndex={-1} dir="auto" class={article.title === null ? 'untitled' : undefined}>
        {article.title ?? (article.replyTo === null ? `A note by ${article.author}` : `A reply by ${article.author}`)}
      </h1>
      <Byline article={article} />
      {why === undefined ? (
        <>
          <SealMark check={thread.seal.value} article={article} />
          <Markdown text={article.body} top={2} />
        </>
      ) : (
        <Notice kind="quiet" title="Its author has retracted this article.">
          {why !== '' && <p>{why}</p>}
        </Notice>
      )}
      <Actions article={article} isRetracted={why !== undefined} />
      <Way trace={thread.trace.value} load={() => void thread.loadTrace()} />
    </article>
  );
}
