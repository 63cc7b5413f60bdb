import { useEffect, useRef } from 'preact/hooks';
import type { Membership, NetworkServer } from '../../api.js';
import { ask } from '../../reading/ask.js';
import { nameOf } from '../../reading/report-sentence.js';
import { Field } from '../parts/field.js';
import { formText } from '../parts/form-text.js';
import { ProblemNotice } from '../parts/notice.js';
import { useSending } from '../parts/use-sending.js';
import { announce } from '../state/announce.js';
import { keep, memberships } from '../state/memberships.js';
import { go } from '../state/router.js';
import { pathOf } from '../state/source.js';

/** Asks to be let into a community, under a name. */
export function JoinForm({ server }: { readonly server: NetworkServer }) {
  const { isSending, problem, send } = useSending();
  const box = useRef<HTMLFormElement>(null);
  const name = nameOf(server);
  useEffect(() => box.current?.querySelector('input')?.focus(), []);
  const join = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget;
    void send(async () => {
      const invite = formText(form, 'invite');
      const body = { name: formText(form, 'name'), ...(invite === '' ? {} : { invite }) };
      const membership = await ask<Membership>(`${pathOf(server.id)}/join`, { body });
      keep(membership);
      announce(membership.waiting ? `You asked to join ${name}.` : `You are a member of ${name}.`);
      go({ view: 'communities', join: null });
    });
  };
  const refused = problem.value;
  const isPlaced = refused?.field === 'name' || refused?.field === 'invite';
  return (
    <form ref={box} class="card join" onSubmit={join} aria-labelledby="join-title">
      <h2 id="join-title">
        Join <bdi>{name}</bdi>
      </h2>
      <Field name="name" says="Your name there" hint="Other members and readers see it." problem={refused}>
        {(attributes) => (
          <input
            {...attributes}
            required
            maxLength={64}
            autocomplete="nickname"
            defaultValue={memberships.value.at(-1)?.name ?? ''}
          />
        )}
      </Field>
      {server.admission !== 'open' && (
        <Field
          name="invite"
          says={server.admission === 'invite' ? 'Invitation' : 'Invitation, if you have one'}
          hint={
            server.admission === 'approval' ? 'With one you need not wait for a yes.' : 'A member gives you the code.'
          }
          problem={refused}
        >
          {(attributes) => (
            <input {...attributes} required={server.admission === 'invite'} autocomplete="off" spellcheck={false} />
          )}
        </Field>
      )}
      {refused && !isPlaced && <ProblemNotice problem={refused} />}
      <div class="actions">
        <button type="submit" class="button first" disabled={isSending.value}>
          {isSending.value ? 'Asking…' : 'Join'}
        </button>
        <button type="button" class="button quiet-button" onClick={() => go({ view: 'communities', join: null })}>
          Not now
        </button>
      </div>
    </form>
  );
}
