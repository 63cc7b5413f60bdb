import { useEffect } from 'preact/hooks';
import { firstPlace, toHref } from '../../reading/place.js';
import { Notice } from '../parts/notice.js';
import { memberships } from '../state/memberships.js';
import { communities, communityOf, network } from '../state/network.js';
import { place } from '../state/router.js';
import '../styles/take-part.css';
import { CommunityCard } from './community-card.js';
import { JoinForm } from './join-form.js';
import { MembershipCard } from './membership-card.js';

/** Where one is a member, and where one may become one. */
export function CommunitiesView() {
  const here = place.value;
  useEffect(() => {
    document.title = 'Communities · Moot';
  }, []);
  if (here.view !== 'communities') return null;
  const wanted = here.join === null ? undefined : communityOf(here.join);
  const joined = new Set(memberships.value.map(({ community }) => community));
  const others = communities.value.filter(({ id }) => !joined.has(id));
  return (
    <div class="take-part">
      <h1 tabIndex={-1}>Communities</h1>
      {wanted && !joined.has(wanted.id) && <JoinForm key={wanted.id} server={wanted} />}
      {here.join !== null && !wanted && network.value && (
        <Notice kind="bad" title={`No community here is called "${here.join}".`}>
          <p>Choose one of those below.</p>
        </Notice>
      )}
      <section aria-labelledby="yours">
        <h2 id="yours">Yours</h2>
        {memberships.value.length === 0 ? (
          <p class="quiet">
            You are a member of none yet. Join one to publish and to reply; <a href={toHref(firstPlace)}>reading</a>{' '}
            what is public needs no membership.
          </p>
        ) : (
          <>
            <ul class="cards">
              {memberships.value.map((kept) => (
                <MembershipCard key={kept.community} kept={kept} />
              ))}
            </ul>
            <p class="hint">
              Memberships are kept on this device alone, in this browser. Whoever can use it can write in your name.
            </p>
          </>
        )}
      </section>
      <section aria-labelledby="others">
        <h2 id="others">To join</h2>
        {others.length === 0 && (
          <p class="quiet">{network.value ? 'There is no other that is listed.' : 'Looking at who is there…'}</p>
        )}
        <ul class="cards">
          {others.map((server) => (
            <CommunityCard key={server.id} server={server} />
          ))}
        </ul>
      </section>
    </div>
  );
}
