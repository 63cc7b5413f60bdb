import { type Filters, hasFilters, noFilters } from '../../reading/filters.js';
import { type Place, toHref } from '../../reading/place.js';
import { Icon } from '../parts/icon.js';

type ReadPlace = Extract<Place, { view: 'read' }>;

/** Each filter that is on, with a way to take it off. */
export function FilterChips({ place }: { readonly place: ReadPlace }) {
  const { filters } = place;
  if (!hasFilters(filters)) return null;
  const without = (change: Partial<Filters>): string => toHref({ ...place, filters: { ...filters, ...change } });
  const single = (['author', 'text', 'since', 'until'] as const).filter((name) => filters[name] !== '');
  return (
    <ul class="chips" aria-label="Filters in force">
      {filters.topics.map((topic) => (
        <Chip
          key={topic}
          says={`topic ${topic}`}
          to={without({ topics: filters.topics.filter((other) => other !== topic) })}
        />
      ))}
      {single.map((name) => (
        <Chip key={name} says={`${words[name]} ${filters[name]}`} to={without({ [name]: '' })} />
      ))}
      <li>
        <a href={toHref({ ...place, filters: noFilters })}>Clear all</a>
      </li>
    </ul>
  );
}

const words = { author: 'by', text: 'with', since: 'from', until: 'to' } as const;

function Chip({ says, to }: { readonly says: string; readonly to: string }) {
  return (
    <li>
      <a class="chip" href={to}>
        <span class="unseen">Without </span>
        {says}
        <Icon of="close" />
      </a>
    </li>
  );
}
