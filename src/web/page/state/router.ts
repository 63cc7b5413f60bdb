import { signal } from '@preact/signals';
import { type Place, parsePlace, toHref } from '../../reading/place.js';

/** Where the reader is; follows the address. */
export const place = signal<Place>(parsePlace(location.search));

/** How often the reader went to another place: what follows it moves the focus there. */
export const arrivals = signal(0);

/** Goes to a place as a link would. `replace` keeps no way back: for what is still being typed. */
export function go(to: Place, { replace = false } = {}): void {
  remember();
  const href = toHref(to);
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  place.value = to;
  if (replace) return;
  scrollTo(0, 0);
  arrivals.value += 1;
}

/** Where a place was scrolled to when it was left, as the way back needs it. */
export function scrolledTo(): number {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'top' in state && typeof state.top === 'number' ? state.top : 0;
}

function remember(): void {
  history.replaceState({ top: scrollY }, '', location.href);
}

/** Follows links within the page and the browser's way back. */
export function startRouter(): void {
  history.scrollRestoration = 'manual';
  addEventListener('popstate', () => {
    place.value = parsePlace(location.search);
    arrivals.value += 1;
  });
  addEventListener('pagehide', remember);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || !isOurs(link, event)) return;
    event.preventDefault();
    go(parsePlace(new URL(link.href).search));
  });
}

function isOurs(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!isPlain || event.defaultPrevented || link.target !== '' || link.hasAttribute('download')) return false;
  const url = new URL(link.href);
  return url.origin === location.origin && url.pathname === location.pathname && url.hash === '';
}
