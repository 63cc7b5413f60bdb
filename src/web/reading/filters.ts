/** Which articles are asked for; an empty text or list asks for all. */
export interface Filters {
  readonly topics: readonly string[];
  readonly author: string;
  readonly text: string;
  /** Days as YYYY-MM-DD on the reader's own calendar, both included. */
  readonly since: string;
  readonly until: string;
}

export const noFilters: Filters = { topics: [], author: '', text: '', since: '', until: '' };

const day = /^(\d{4})-(\d{2})-(\d{2})$/;

export function filtersFrom(query: URLSearchParams): Filters {
  const date = (name: string): string => (day.test(query.get(name) ?? '') ? (query.get(name) ?? '') : '');
  return {
    topics: query.getAll('topic').filter((topic) => topic !== ''),
    author: query.get('author') ?? '',
    text: query.get('text') ?? '',
    since: date('since'),
    until: date('until'),
  };
}

export function writeFilters(filters: Filters, query: URLSearchParams): void {
  for (const topic of filters.topics) query.append('topic', topic);
  for (const name of ['author', 'text', 'since', 'until'] as const)
    if (filters[name] !== '') query.set(name, filters[name]);
}

/** As the gateway is asked: times instead of days, the end of the last day excluded. */
export function toQuery(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  writeFilters(filters, query);
  if (filters.since !== '') query.set('since', startOfDay(filters.since, 0));
  if (filters.until !== '') query.set('until', startOfDay(filters.until, 1));
  return query;
}

/** The same for what is published from now on, which is not asked for by its date. */
export function toLiveQuery(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => name !== 'since' && name !== 'until'));
}

/** Whether a date is one that `query` asks for. */
export function isDated(query: URLSearchParams, publishedAt: string): boolean {
  return publishedAt >= (query.get('since') ?? '') && publishedAt < (query.get('until') ?? '9');
}

export function hasFilters(filters: Filters): boolean {
  return [...toQuery(filters)].length > 0;
}

function startOfDay(text: string, daysLater: number): string {
  const [, year = '', month = '', date = ''] = day.exec(text) ?? [];
  return new Date(Number(year), Number(month) - 1, Number(date) + daysLater).toISOString();
}
