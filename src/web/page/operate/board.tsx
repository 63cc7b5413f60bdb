import { useEffect, useMemo } from 'preact/hooks';
import { Notice, ProblemNotice } from '../parts/notice.js';
import { ArticleActs } from './article-acts.js';
import { Audit } from './audit.js';
import { HeldArticles } from './held-articles.js';
import { Limits } from './limits.js';
import { Links } from './links.js';
import { OperateState } from './operate-state.js';
import { takeToken } from './operators.js';
import { People } from './people.js';
import { Policy } from './policy.js';

/** All that an operator looks after in one community. */
export function Board({ community, token }: { readonly community: string; readonly token: string }) {
  const state = useMemo(() => new OperateState(community, token), [community, token]);
  useEffect(() => {
    state.start();
    return () => state.stop();
  }, [state]);
  const operated = state.operated.value;
  const problem = state.problem.value;
  const done = state.done.value;
  return (
    <>
      {problem && <ProblemNotice problem={problem} retry={() => void state.load()} />}
      {(problem || operated) && (
        <button type="button" class="button quiet-button" onClick={() => takeToken(community, undefined)}>
          Forget the token
        </button>
      )}
      {!operated && !problem && <p class="quiet">Asking the community…</p>}
      {done &&
        (done.problem ? <ProblemNotice problem={done.problem} /> : <Notice kind="good" title={`${done.says}.`} />)}
      {operated && (
        <>
          <People operated={operated} state={state} />
          <HeldArticles operated={operated} state={state} />
          <Links operated={operated} state={state} />
          <ArticleActs state={state} />
          <Policy community={operated.community} />
          <Limits limits={operated.limits} />
          <Audit of={operated.audit} />
        </>
      )}
    </>
  );
}
