import type { NetworkServer } from '../../api.js';
import { nameOf } from '../../reading/report-sentence.js';
import { Field } from '../parts/field.js';
import { formText } from '../parts/form-text.js';
import { membershipOf } from '../state/memberships.js';
import { takeToken } from './operators.js';

/** Asks for the token of the operator. It is kept until the page is closed, and nowhere but in its memory. */
export function TokenForm({ server }: { readonly server: NetworkServer }) {
  const mine = membershipOf(server.id);
  return (
    <form
      class="card token"
      onSubmit={(event) => {
        event.preventDefault();
        takeToken(server.id, formText(event.currentTarget, 'token'));
      }}
    >
      <Field
        name="token"
        says="Operator token"
        hint="It stands in operator.token, in the data folder of the server. It is kept in the memory of this page alone: reloading forgets it."
      >
        {(attributes) => <input {...attributes} type="password" required autocomplete="off" spellcheck={false} />}
      </Field>
      <div class="actions">
        <button type="submit" class="button first">
          Operate {nameOf(server)}
        </button>
        {mine?.role === 'moderator' && (
          <button type="button" class="button" onClick={() => takeToken(server.id, mine.token)}>
            As a moderator
          </button>
        )}
      </div>
    </form>
  );
}
