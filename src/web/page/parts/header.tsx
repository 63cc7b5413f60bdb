import { firstPlace, type Place, toHref } from '../../reading/place.js';
import { place } from '../state/router.js';
import { Icon, type IconName } from './icon.js';

const tabs: readonly { readonly to: Place; readonly says: string; readonly icon: IconName }[] = [
  { to: firstPlace, says: 'Read', icon: 'read' },
  { to: { view: 'map', chosen: null, asList: false }, says: 'Map', icon: 'map' },
  { to: { view: 'communities', join: null }, says: 'Communities', icon: 'people' },
  { to: { view: 'operate', community: null }, says: 'Operate', icon: 'gear' },
];

/** Which tab a view belongs to. */
const tabOf: Readonly<Record<Place['view'], Place['view']>> = {
  read: 'read',
  article: 'read',
  write: 'communities',
  map: 'map',
  communities: 'communities',
  operate: 'operate',
};

/** The name of the page and the ways through it: at the top, on a phone at the bottom, where the thumb is. */
export function Header() {
  return (
    <header class="head">
      <a class="wordmark" href="./">
        <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
          <path d="M8 11 24 8M8 11l6 14M24 8 14 25" />
          <circle cx="8" cy="11" r="4" />
          <circle cx="24" cy="8" r="3.2" />
          <circle cx="14" cy="25" r="4" />
        </svg>
        Moot
      </a>
      <nav class="tabs" aria-label="Main">
        {tabs.map(({ to, says, icon }) => (
          <a key={says} href={toHref(to)} aria-current={tabOf[place.value.view] === to.view ? 'page' : undefined}>
            <Icon of={icon} />
            <span>{says}</span>
          </a>
        ))}
      </nav>
      <a class="button first write" href={toHref({ view: 'write', community: hereOrAny(), replyTo: null })}>
        <Icon of="pen" />
        <span>Write</span>
      </a>
    </header>
  );
}

/** Who reads one community writes there. */
function hereOrAny(): string {
  return place.value.view === 'read' ? place.value.community : 'any';
}
