/** What the shapes and lines of the map mean. */
export function Legend() {
  return (
    <ul class="legend" aria-label="What is drawn">
      <li class="community up">
        <svg viewBox="-12 -12 24 24" aria-hidden="true" focusable="false">
          <circle class="shape" r="9" />
        </svg>
        answers; larger: more articles
      </li>
      <li class="community down">
        <svg viewBox="-12 -12 24 24" aria-hidden="true" focusable="false">
          <rect class="shape" x="-8" y="-8" width="16" height="16" rx="3" />
          <path class="cross" d="M-4-4 4 4M4-4-4 4" />
        </svg>
        does not answer
      </li>
      <li class="community unknown">
        <svg viewBox="-12 -12 24 24" aria-hidden="true" focusable="false">
          <path class="shape" d="M0-10 10 0 0 10-10 0z" />
        </svg>
        known only by a link
      </li>
      <li class="community up">
        <svg viewBox="-12 -12 24 24" aria-hidden="true" focusable="false">
          <circle class="cut" r="10" />
          <circle class="shape" r="6" />
        </svg>
        the only way to others
      </li>
      <li class="link up circular">
        <svg viewBox="-12 -12 24 24" aria-hidden="true" focusable="false">
          <path class="way-line" d="M-11 0H11" />
        </svg>
        part of a circle
      </li>
      <li class="link down">
        <svg viewBox="-12 -12 24 24" aria-hidden="true" focusable="false">
          <path class="way-line" d="M-11 0H11" />
        </svg>
        link that is down
      </li>
    </ul>
  );
}
