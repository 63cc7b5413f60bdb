import { useEffect, useMemo } from 'preact/hooks';
import type { ArticleView } from '../../api.js';
import { firstPlace, toHref } from '../../reading/place.js';
import { Icon } from '../parts/icon.js';
import { ProblemNotice } from '../parts/notice.js';
import { StreamLine } from '../parts/stream-line.js';
import { ReportLine } from '../read/report-line.js';
import { network } from '../state/network.js';
import { place } from '../state/router.js';
import '../styles/article.css';
import { Ancestors } from './ancestors.js';
import { ArticleBody } from './article-body.js';
import { Replies } from './replies.js';
import { ThreadState } from './thread-state.js';

/** The article that the address names. */
export function ArticlePlace() {
  const here = place.value;
  if (here.view !== 'article') return null;
  // Whether its community is there decides who is asked for it.
  if (here.community !== 'any' && network.value === null) return <p class="quiet">Loading…</p>;
  return <Article key={`${here.community}/${here.id}`} community={here.community} id={here.id} />;
}

function Article({ community, id }: { readonly community: string; readonly id: string }) {
  const thread = useMemo(() => new ThreadState(community, id), [community, id]);
  useEffect(() => {
    void thread.load();
    return () => thread.stop();
  }, [thread]);
  const view = thread.view.value;
  return (
    <div class="article-page">
      <a class="back" href={toHref({ ...firstPlace, community } as typeof firstPlace)}>
        <Icon of="left" />
        All articles
      </a>
      {thread.problem.value && <ProblemNotice problem={thread.problem.value} retry={() => void thread.load()} />}
      {!view && !thread.problem.value && <p class="quiet">Loading the article…</p>}
      {view && <Whole view={view} thread={thread} />}
    </div>
  );
}

function Whole({ view, thread }: { readonly view: ArticleView; readonly thread: ThreadState }) {
  const { article, ancestors, replies, report } = view;
  useEffect(() => {
    document.title = `${article.title ?? `By ${article.author}`} · Moot`;
    const { activeElement } = document;
    if (activeElement?.id === 'main') document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [article]);
  return (
    <>
      <Ancestors of={article} ancestors={ancestors} />
      <ArticleBody article={article} thread={thread} />
      <StreamLine state={thread.stream.value} />
      <Replies to={article} replies={replies} retracted={thread.retracted.value} />
      <ReportLine report={report} />
    </>
  );
}
