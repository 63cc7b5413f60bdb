import { Icon } from '../parts/icon.js';
import type { ArticleList } from './article-list.js';

/** What has arrived waits behind this, so that nothing moves under who is reading. */
export function NewPill({ list }: { readonly list: ArticleList }) {
  const count = list.waiting.value.length;
  const show = (): void => {
    const newest = list.showWaiting();
    scrollTo(0, 0);
    requestAnimationFrame(() => document.getElementById(`row-${newest?.id}`)?.focus({ preventScroll: true }));
  };
  return (
    <div class="pill-place">
      {count > 0 && (
        <button type="button" class="pill" onClick={show}>
          <Icon of="up" />
          {`${count} new`}
        </button>
      )}
    </div>
  );
}
