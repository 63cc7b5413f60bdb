import { effect, signal, untracked } from '@preact/signals';
import { toHref } from '../../reading/place.js';
import { network, presence } from '../state/network.js';
import { place } from '../state/router.js';
import { sourceOf } from '../state/source.js';
import { ArticleList } from './article-list.js';

interface Current {
  /** Of which place and source it is: who comes back to it finds it as it was. */
  readonly key: string;
  readonly list: ArticleList;
}

export const current = signal<Current | null>(null);

/** Keeps the list of the place that is read, and lets it look again when a community or a link comes or goes. */
export function startLists(): void {
  effect(() => {
    const { value } = place;
    // Until it is known who is there, a community that is away would be asked in vain.
    if (value.view !== 'read' || (value.community !== 'any' && network.value === null)) return;
    const source = sourceOf(value.community, value.filters);
    const key = `${toHref(value)} ${source.path}?${source.query} ${source.token ?? ''}`;
    const before = untracked(() => current.value);
    if (before?.key === key) return;
    before?.list.stop();
    const list = new ArticleList(source);
    current.value = { key, list };
    untracked(() => list.start());
  });
  let seen = '';
  effect(() => {
    const now = presence.value;
    if (seen !== '' && now !== seen) void untracked(() => current.value)?.list.refresh();
    seen = now;
  });
}
