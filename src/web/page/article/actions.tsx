import { useState } from 'preact/hooks';
import type { ArticleInfo, Problem } from '../../api.js';
import { ask, problemOf } from '../../reading/ask.js';
import { toHref } from '../../reading/place.js';
import { Icon } from '../parts/icon.js';
import { ProblemNotice } from '../parts/notice.js';
import { announce } from '../state/announce.js';
import { membershipOf } from '../state/memberships.js';
import { handleOf } from '../state/network.js';
import { pathOf } from '../state/source.js';

/** What the reader can do with an article: answer it, and take it back where it is theirs. */
export function Actions({ article, isRetracted }: { readonly article: ArticleInfo; readonly isRetracted: boolean }) {
  const mine = membershipOf(article.origin);
  const isTheirs =
    mine !== undefined && !mine.waiting && (mine.memberId === article.memberId || mine.role !== 'member');
  const community = handleOf({ id: article.origin, name: article.originName });
  if (isRetracted) return null;
  return (
    <div class="actions">
      <a class="button" href={toHref({ view: 'write', community, replyTo: article.id })}>
        <Icon of="reply" />
        Reply
      </a>
      {isTheirs && <Retract article={article} token={mine.token} />}
    </div>
  );
}

function Retract({ article, token }: { readonly article: ArticleInfo; readonly token: string }) {
  const [step, setStep] = useState<'offered' | 'asked' | 'sent'>('offered');
  const [problem, setProblem] = useState<Problem>();
  const retract = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    setStep('sent');
    setProblem(undefined);
    try {
      const address = `${pathOf(article.origin)}/articles/${article.id}/retract`;
      await ask(address, { token, body: reason === '' ? {} : { reason } });
      announce('The article is retracted.');
    } catch (error) {
      setProblem(problemOf(error));
      setStep('asked');
    }
  };
  if (step === 'offered')
    return (
      <button type="button" class="button quiet-button" onClick={() => setStep('asked')}>
        Retract
      </button>
    );
  return (
    <form class="retract" onSubmit={(event) => void retract(event)}>
      <p>
        Retracting takes the article out of its community and off every copy that can be reached. It cannot be undone.
      </p>
      <label>
        Reason, if you want to give one
        <input name="reason" maxLength={200} disabled={step === 'sent'} />
      </label>
      {problem && <ProblemNotice problem={problem} />}
      <div class="actions">
        <button type="submit" class="button danger" disabled={step === 'sent'}>
          {step === 'sent' ? 'Retracting…' : 'Retract it'}
        </button>
        <button type="button" class="button quiet-button" onClick={() => setStep('offered')}>
          Keep it
        </button>
      </div>
    </form>
  );
}
