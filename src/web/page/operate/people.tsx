import type { MemberRow, Operated } from '../../api.js';
import { ago } from '../../reading/times.js';
import { now } from '../state/clock.js';
import { ActButton } from './act-button.js';
import type { OperateState } from './operate-state.js';

interface PeopleProps {
  readonly operated: Operated;
  readonly state: OperateState;
}

/** Who asks to be let in, and who is. */
export function People({ operated, state }: PeopleProps) {
  const { requests, members } = operated;
  return (
    <>
      <section aria-labelledby="requests">
        <h2 id="requests" tabIndex={-1}>
          Requests to join
        </h2>
        {requests.length === 0 && <p class="quiet">Nobody waits.</p>}
        <ul class="rows">
          {requests.map(({ id, name, askedAt }) => (
            <li key={id}>
              <span>
                <bdi>{name}</bdi> <span class="quiet">asked {ago(askedAt, now.value)}</span>
              </span>
              <span class="actions">
                <ActButton
                  state={state}
                  act="admit"
                  about={{ id }}
                  says="Admit"
                  whom={name}
                  done={`${name} is a member`}
                />
                <ActButton
                  state={state}
                  act="refuse"
                  about={{ id }}
                  says="Refuse"
                  whom={name}
                  done={`${name} is refused`}
                  asksWhy
                />
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="members">
        <h2 id="members" tabIndex={-1}>
          Members
        </h2>
        {members.length === 0 && <p class="quiet">Nobody has joined yet.</p>}
        <ul class="rows">
          {members.map((member) => (
            <Member key={member.id} member={member} state={state} />
          ))}
        </ul>
      </section>
    </>
  );
}

function Member({ member, state }: { readonly member: MemberRow; readonly state: OperateState }) {
  const { id, name, role, joinedAt } = member;
  return (
    <li>
      <span>
        <bdi>{name}</bdi>{' '}
        <span class="quiet">
          {role === 'moderator' && 'moderator, '}joined {ago(joinedAt, now.value)}
        </span>
      </span>
      <span class="actions">
        <ActButton
          state={state}
          act="remove"
          about={{ id }}
          says="Remove"
          whom={name}
          done={`${name} is removed`}
          asksWhy
        />
        <ActButton
          state={state}
          act="remove"
          about={{ id, ban: true }}
          says="Remove and ban"
          whom={name}
          done={`${name} is removed, and cannot join again under that name`}
          asksWhy
        />
      </span>
    </li>
  );
}
