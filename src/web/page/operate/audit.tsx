import type { Operated } from '../../api.js';
import { moment } from '../../reading/times.js';

/** What was done to look after the community, the newest first. */
export function Audit({ of }: { readonly of: Operated['audit'] }) {
  return (
    <section aria-labelledby="audit">
      <h2 id="audit" tabIndex={-1}>
        Audit
      </h2>
      {of.length === 0 && <p class="quiet">Nothing was decided yet.</p>}
      <ol class="rows">
        {of.map(({ at, by, what, about, reason }) => (
          <li key={`${at} ${what} ${about}`}>
            <span>
              <bdi>{by}</bdi>: {what} <bdi>{about}</bdi>
              {reason !== null && ` (${reason})`}
            </span>
            <time class="quiet" dateTime={at}>
              {moment(at)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}
