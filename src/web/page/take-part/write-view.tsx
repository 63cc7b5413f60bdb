import { useEffect } from 'preact/hooks';
import { toHref } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { Notice } from '../parts/notice.js';
import { memberships } from '../state/memberships.js';
import { communityOf } from '../state/network.js';
import { place } from '../state/router.js';
import '../styles/article.css';
import '../styles/take-part.css';
import { Editor } from './editor.js';

function nameOfHandle(handle: string): string {
  const server = communityOf(handle);
  return server ? nameOf(server) : handle;
}

/** Where an article or a reply is written. */
export function WriteView() {
  const here = place.value;
  const isReply = here.view === 'write' && here.replyTo !== null;
  useEffect(() => {
    document.title = `${isReply ? 'Reply' : 'Write'} · Moot`;
  }, [isReply]);
  if (here.view !== 'write') return null;
  const mine = memberships.value.filter(({ waiting }) => !waiting);
  const join = here.community === 'any' ? null : here.community;
  return (
    <div class="write-page">
      <h1 tabIndex={-1}>{isReply ? 'Reply' : 'Write an article'}</h1>
      {mine.length === 0 ? (
        <Notice kind="quiet" title="Members publish.">
          <p>
            {memberships.value.length > 0
              ? 'You asked to join, and nobody has let you in yet.'
              : 'You are not a member of any community on this device yet.'}
          </p>
          <a class="button first" href={toHref({ view: 'communities', join })}>
            {join === null ? 'Choose a community' : `Join ${nameOfHandle(join)}`}
          </a>
        </Notice>
      ) : (
        <Editor key={here.replyTo ?? ''} community={here.community} replyTo={here.replyTo} mine={mine} />
      )}
    </div>
  );
}
