import { announced } from '../state/announce.js';

/** Where screen readers are told what happened elsewhere on the page. */
export function Announcer() {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {announced}
    </div>
  );
}
