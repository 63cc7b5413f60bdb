import { toQuery } from '../../reading/filters.js';
import { everywhere, toHref } from '../../reading/place.js';
import { counted } from '../../reading/times.js';
import { membershipOf } from '../state/memberships.js';
import { communities, communityOf, handleOf } from '../state/network.js';
import { place } from '../state/router.js';

/** What a list is of, under its title, with the ways to follow it elsewhere and to take part. */
export function About({ community }: { readonly community: string }) {
  if (community === everywhere) return <Everything />;
  const server = communityOf(community);
  if (!server) return <p class="about">&nbsp;</p>;
  const handle = handleOf(server);
  return (
    <p class="about">
      {server.state === 'down' && <strong>Away now: what others keep of it is shown. </strong>}
      {server.articles !== null && `${counted(server.articles, 'article')}. `}
      {server.members !== null && `${counted(server.members, 'member')}. `}
      {membershipOf(server.id) ? (
        <span>You are a member. </span>
      ) : (
        <a href={toHref({ view: 'communities', join: handle })}>Join</a>
      )}{' '}
      <a href={toHref({ view: 'map', chosen: handle, asList: false })}>On the map</a>{' '}
      {server.readable === 'public' && <FeedLinks of={server.id} />}
    </p>
  );
}

function Everything() {
  const count = communities.value.length;
  return (
    <p class="about">
      {count > 0 && `${counted(count, 'community')} that read each other. `}
      <FeedLinks of={everywhere} />
    </p>
  );
}

function FeedLinks({ of }: { readonly of: string }) {
  const query = place.value.view === 'read' ? toQuery(place.value.filters).toString() : '';
  const address = (form: string): string =>
    `./feeds/${encodeURIComponent(of)}.${form}${query === '' ? '' : `?${query}`}`;
  return (
    <span class="feeds">
      Feed: <a href={address('rss')}>RSS</a> <a href={address('atom')}>Atom</a> <a href={address('json')}>JSON</a>
    </span>
  );
}
