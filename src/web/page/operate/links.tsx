import type { Operated, PeerRow } from '../../api.js';
import { nameOf } from '../../reading/report-sentence.js';
import { ago, length, moment } from '../../reading/times.js';
import { now } from '../state/clock.js';
import { ActButton } from './act-button.js';
import type { OperateState } from './operate-state.js';

interface LinksProps {
  readonly operated: Operated;
  readonly state: OperateState;
}

/** The links to others, and who links here, would, or must not. */
export function Links({ operated, state }: LinksProps) {
  const { peers, callers } = operated;
  return (
    <>
      <section aria-labelledby="callers">
        <h2 id="callers" tabIndex={-1}>
          Who links here
        </h2>
        {callers.length === 0 && <p class="quiet">No community links here, or asks to.</p>}
        <ul class="rows">
          {callers.map((peer) => (
            <li key={peer.id}>
              <Peer peer={peer} />
              <Decisions peer={peer} state={state} />
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="peers">
        <h2 id="peers" tabIndex={-1}>
          Links of this community
        </h2>
        {peers.length === 0 && <p class="quiet">It links to no other.</p>}
        <ul class="rows">
          {peers.map((peer) => (
            <li key={peer.id}>
              <Peer peer={peer} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Decisions({ peer, state }: { readonly peer: PeerRow; readonly state: OperateState }) {
  const whom = nameOf(peer);
  const about = { id: peer.id };
  return (
    <span class="actions">
      <ActButton state={state} act="approve" about={about} says="Approve" whom={whom} done={`${whom} may link here`} />
      <ActButton
        state={state}
        act="silence"
        about={about}
        says="Silence"
        whom={whom}
        done={`${whom} is silenced`}
        asksWhy
      />
      <ActButton state={state} act="deny" about={about} says="Deny" whom={whom} done={`${whom} is denied`} asksWhy />
    </span>
  );
}

function Peer({ peer }: { readonly peer: PeerRow }) {
  const { state, since, lagMs, level, reason, until } = peer;
  const words = [
    state,
    level === null || level === state ? '' : level,
    `since ${ago(since, now.value)}`,
    lagMs === null || lagMs < 1000 ? '' : `${length(lagMs)} behind`,
    until === null ? '' : `until ${moment(until)}`,
    reason ?? '',
  ];
  return (
    <span>
      <bdi>{nameOf(peer)}</bdi> <span class="quiet">{words.filter((word) => word !== '').join(', ')}</span>
    </span>
  );
}
