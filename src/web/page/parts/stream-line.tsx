import type { StreamState } from '../../reading/follow-stream.js';
import { length } from '../../reading/times.js';
import { sentence } from './notice.js';

/** Says that what is shown is not followed live just now; silent when it is. */
export function StreamLine({ state }: { readonly state: StreamState }) {
  if (state.kind === 'live' || state.kind === 'connecting') return <p class="stream-line unseen" role="status" />;
  const { problem } = state;
  const next =
    state.kind === 'lost'
      ? `It is tried again in ${length(Math.max(1000, state.retryInMs))}; what arrives meanwhile is not missed.`
      : (problem.hint ?? 'Reload the page to see what is new.');
  return (
    <p class="stream-line" role="status">
      <strong>Not live.</strong> {sentence(problem.message)} {sentence(next)}
    </p>
  );
}
