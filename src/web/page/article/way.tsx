import type { Problem, Trace } from '../../api.js';
import { nameOf } from '../../reading/report-sentence.js';
import { moment } from '../../reading/times.js';
import { ProblemNotice } from '../parts/notice.js';

interface WayProps {
  readonly trace: Trace | Problem | null;
  readonly load: () => void;
}

/** The way an article took to whoever was asked for it: looked up when it is opened. */
export function Way({ trace, load }: WayProps) {
  return (
    <details class="way" onToggle={(event) => event.currentTarget.open && trace === null && load()}>
      <summary>The way it took</summary>
      {trace === null && <p class="quiet">Asking those it passed…</p>}
      {trace && 'message' in trace && <ProblemNotice problem={trace} retry={load} />}
      {trace && 'hops' in trace && (
        <ol>
          {trace.hops.map((hop) => (
            <li key={hop.id}>
              <bdi>{nameOf(hop)}</bdi>
              <span class="quiet">
                {hop.receivedAt === null ? (hop.reason ?? 'it does not say when') : moment(hop.receivedAt)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}
