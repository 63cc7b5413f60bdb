import { useEffect } from 'preact/hooks';
import { nameOf } from '../../reading/report-sentence.js';
import { communities, communityOf, handleOf } from '../state/network.js';
import { go, place } from '../state/router.js';
import '../styles/operate.css';
import { Board } from './board.js';
import { operatorTokens } from './operators.js';
import { TokenForm } from './token-form.js';

/** Looking after a community: for who has its operator's token, or moderates it. */
export function OperateView() {
  const here = place.value;
  useEffect(() => {
    document.title = 'Operate · Moot';
  }, []);
  if (here.view !== 'operate') return null;
  const server = here.community === null ? undefined : communityOf(here.community);
  const token = server && operatorTokens.value.get(server.id);
  return (
    <div class="operate">
      <h1 tabIndex={-1}>{server ? `Operate ${nameOf(server)}` : 'Operate'}</h1>
      <label class="choose">
        Community
        <select
          value={server ? handleOf(server) : ''}
          onChange={(event) => go({ view: 'operate', community: event.currentTarget.value || null }, { replace: true })}
        >
          <option value="">Choose one</option>
          {communities.value.map((one) => (
            <option key={one.id} value={handleOf(one)}>
              {nameOf(one)}
            </option>
          ))}
        </select>
      </label>
      {!server && (
        <p class="quiet">
          Links, requests to join, members, articles and the audit log of the community you look after.
        </p>
      )}
      {server && token === undefined && <TokenForm key={server.id} server={server} />}
      {server && token !== undefined && <Board key={server.id + token} community={server.id} token={token} />}
    </div>
  );
}
