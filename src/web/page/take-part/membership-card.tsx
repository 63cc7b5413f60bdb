import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Membership } from '../../api.js';
import { ask } from '../../reading/ask.js';
import { noFilters } from '../../reading/filters.js';
import { toHref } from '../../reading/place.js';
import { ProblemNotice } from '../parts/notice.js';
import { Sigil } from '../parts/sigil.js';
import { useSending } from '../parts/use-sending.js';
import { announce } from '../state/announce.js';
import { forget, type Kept, keep } from '../state/memberships.js';
import { handleOf } from '../state/network.js';
import { pathOf } from '../state/source.js';

/** How often to ask whether one was let in, while the page is open. */
const askAgainMs = 10_000;

/** A membership that is kept here, with what one can do with it. */
export function MembershipCard({ kept }: { readonly kept: Kept }) {
  const of = { id: kept.community, name: kept.communityName };
  const community = handleOf(of);
  return (
    <li class="card">
      <h3>
        <Sigil of={of} />
        <a href={toHref({ view: 'read', community, filters: noFilters })}>
          <bdi>{kept.communityName}</bdi>
        </a>
      </h3>
      {kept.waiting ? <Waiting kept={kept} /> : <Standing kept={kept} community={community} />}
      <Leave kept={kept} />
    </li>
  );
}

function Standing({ kept, community }: { readonly kept: Kept; readonly community: string }) {
  return (
    <>
      <p>
        As <bdi>{kept.name}</bdi>
        {kept.role === 'moderator' && ', a moderator'}
      </p>
      <a
        class="button"
        href={toHref({ view: 'write', community, replyTo: null })}
        aria-label={`Write in ${kept.communityName}`}
      >
        Write
      </a>
    </>
  );
}

function Waiting({ kept }: { readonly kept: Kept }) {
  const { isSending, problem, send } = useSending();
  const look = (): void => {
    void send(async () => {
      const now = await ask<Membership>(`${pathOf(kept.community)}/membership`, { token: kept.token });
      if (now.waiting) return;
      keep({ ...now, name: now.name || kept.name });
      announce(`${kept.communityName} has let you in.`);
    });
  };
  useEffect(() => {
    look();
    const timer = setInterval(look, askAgainMs);
    return () => clearInterval(timer);
  }, [kept.token]);
  return (
    <>
      <p>Waiting for somebody to let you in. This page asks again by itself.</p>
      {problem.value && <ProblemNotice problem={problem.value} />}
      <button type="button" class="button" disabled={isSending.value} onClick={look}>
        Ask now
      </button>
    </>
  );
}

function Leave({ kept }: { readonly kept: Kept }) {
  const isAsked = useSignal(false);
  const { isSending, problem, send } = useSending();
  const leave = (): void => {
    void send(async () => {
      await ask(`${pathOf(kept.community)}/leave`, { token: kept.token, body: {} });
      forget(kept.community);
      announce(`You have left ${kept.communityName}.`);
    });
  };
  if (!isAsked.value)
    return (
      <button
        type="button"
        class="button quiet-button"
        aria-label={`Leave ${kept.communityName}`}
        onClick={() => {
          isAsked.value = true;
        }}
      >
        Leave
      </button>
    );
  return (
    <div class="sure">
      <p>What you wrote stays there; your membership ends at once.</p>
      {problem.value && <ProblemNotice problem={problem.value} />}
      <div class="actions">
        <button type="button" class="button danger" disabled={isSending.value} onClick={leave}>
          Leave {kept.communityName}
        </button>
        {problem.value && (
          <button type="button" class="button" onClick={() => forget(kept.community)}>
            Only forget it here
          </button>
        )}
        <button
          type="button"
          class="button quiet-button"
          onClick={() => {
            isAsked.value = false;
          }}
        >
          Stay
        </button>
      </div>
    </div>
  );
}
