import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type Filters, hasFilters, noFilters } from '../../reading/filters.js';
import { everywhere } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { Icon } from '../parts/icon.js';
import { communities, communityOf, handleOf } from '../state/network.js';
import { go, place } from '../state/router.js';
import { FilterChips } from './filter-chips.js';

/** Full text and filters; what is asked for stands in the address, to be linked to. */
export function FilterForm() {
  const here = place.value;
  const isOpen = useSignal(false);
  const filters = here.view === 'read' ? here.filters : noFilters;
  useEffect(() => {
    const { text: _, ...others } = filters;
    if (hasFilters({ ...others, text: '' })) isOpen.value = true;
  }, []);
  if (here.view !== 'read') return null;
  const apply = (event: SubmitEvent): void => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement)
      go({ ...here, ...readForm(event.currentTarget, here.community) });
  };
  return (
    <search>
      <form class="filters" onSubmit={apply} key={JSON.stringify(filters) + here.community}>
        <div class="search-row">
          <label class="unseen" for="text">
            Words to look for
          </label>
          <input
            id="text"
            name="text"
            type="search"
            placeholder="Search the articles"
            value={filters.text}
            maxLength={256}
          />
          <button type="submit" class="button">
            <Icon of="search" />
            Search
          </button>
          <button
            type="button"
            class="button quiet-button"
            aria-expanded={isOpen.value}
            aria-controls="more-filters"
            onClick={() => {
              isOpen.value = !isOpen.value;
            }}
          >
            <Icon of="gear" />
            Filters
          </button>
        </div>
        <Fields filters={filters} community={here.community} isOpen={isOpen.value} />
      </form>
      <FilterChips place={here} />
    </search>
  );
}

interface FieldsProps {
  readonly filters: Filters;
  readonly community: string;
  readonly isOpen: boolean;
}

function Fields({ filters, community, isOpen }: FieldsProps) {
  const chosen = communityOf(community);
  return (
    <div class="filter-fields" id="more-filters" hidden={!isOpen}>
      <label class="only-narrow">
        Community
        <select name="community" value={chosen ? handleOf(chosen) : everywhere}>
          <option value={everywhere}>All communities</option>
          {communities.value.map((server) => (
            <option key={server.id} value={handleOf(server)}>
              {nameOf(server)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Topics
        <input
          name="topics"
          value={filters.topics.join(' ')}
          placeholder="sports.chess tea"
          autocapitalize="none"
          spellcheck={false}
        />
      </label>
      <label>
        Author
        <input name="author" value={filters.author} maxLength={128} />
      </label>
      <label>
        From
        <input name="since" type="date" value={filters.since} />
      </label>
      <label>
        To
        <input name="until" type="date" value={filters.until} />
      </label>
    </div>
  );
}

function readForm(form: HTMLFormElement, community: string): { readonly community: string; readonly filters: Filters } {
  const data = new FormData(form);
  const read = (name: string): string => String(data.get(name) ?? '').trim();
  const filters = {
    topics: read('topics')
      .split(/[\s,]+/)
      .filter((topic) => topic !== ''),
    author: read('author'),
    text: read('text'),
    since: read('since'),
    until: read('until'),
  };
  const isChoosing = form.querySelector<HTMLElement>('.only-narrow')?.offsetParent != null;
  return { community: isChoosing ? read('community') : community, filters };
}
