import type { Operated } from '../../api.js';

type Say = (most: number) => string;
const aSecond: Say = (most) => `${most.toLocaleString()} calls a second`;
const seconds: Say = (most) => `${(most / 1000).toLocaleString()} s`;
const count: Say = (most) => most.toLocaleString();

/** In words, in the order in which they are shown. */
const words: readonly (readonly [name: string, what: string, say: Say])[] = [
  ['memberRate', 'A member', aSecond],
  ['peerRate', 'A linked server', aSecond],
  ['addressRate', 'An address, without membership', aSecond],
  ['memberArticlesADay', 'Articles of a member, a day', count],
  ['memberBytesADay', 'Bytes of a member, a day', count],
  ['callerStreams', 'Open streams of one caller', count],
  ['addressConnections', 'Connections of one address', count],
  ['connections', 'Connections in all', count],
  ['requestMs', 'A request arrives within', seconds],
  ['idleMs', 'An idle connection is closed after', seconds],
  ['ageMs', 'A connection is made anew after', seconds],
];

/** What others may take of the server: set where it is started, and shown to its operator alone. */
export function Limits({ limits }: { readonly limits: Operated['limits'] }) {
  if (Object.keys(limits).length === 0) return null;
  return (
    <section aria-labelledby="limits">
      <h2 id="limits" tabIndex={-1}>
        Limits
      </h2>
      <dl class="facts">
        {words.map(([name, what, say]) => {
          const most = limits[name];
          return [<dt key={`${name} what`}>{what}</dt>, <dd key={name}>{most == null ? 'no limit' : say(most)}</dd>];
        })}
      </dl>
      <p class="hint">They are flags of moot server, as --member-rate.</p>
    </section>
  );
}
