import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { scrolledTo } from '../state/router.js';
import type { ArticleList } from './article-list.js';
import { Empty } from './empty.js';
import { FeedRow } from './feed-row.js';

/** Rows drawn above and below what is seen. */
const spare = 6;
/** The window moves in steps, so that most scrolling draws nothing. */
const step = 3;

/** A list that may be ten thousand rows long, of which those in sight are drawn. All rows are of one height. */
export function Feed({ list }: { readonly list: ArticleList }) {
  const rows = list.rows.value;
  const box = useRef<HTMLDivElement>(null);
  const rowHeight = useSignal(144);
  const first = useSignal(0);
  const seen = useSignal(12);

  const look = (): void => {
    const top = box.current?.getBoundingClientRect().top ?? 0;
    const at = Math.floor(-top / rowHeight.value / step) * step;
    first.value = Math.max(0, Math.min(at, rows.length - 1) - spare);
    seen.value = Math.ceil(innerHeight / rowHeight.value) + 2 * spare + step;
    if ((first.value + seen.value + spare) * 1 >= rows.length) list.loadMore();
  };

  useLayoutEffect(() => {
    const row = box.current?.querySelector('.row');
    if (row) rowHeight.value = row.getBoundingClientRect().height || rowHeight.value;
    look();
  });
  useEffect(() => {
    let frame = 0;
    const later = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    addEventListener('scroll', later, { passive: true });
    addEventListener('resize', later);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', later);
      removeEventListener('resize', later);
    };
  }, [rows]);
  // Who comes back to a list finds it where it was left.
  useLayoutEffect(() => {
    if (rows.length > 0) scrollTo(0, scrolledTo());
  }, []);

  if (rows.length === 0 && !list.isLoading.value && list.problem.value === null) return <Empty />;
  const shown = rows.slice(first.value, first.value + seen.value);
  return (
    <div
      ref={box}
      class="feed"
      role="feed"
      aria-label="Articles, newest first"
      aria-busy={list.isLoading.value}
      style={{ height: `${rows.length * rowHeight.value}px` }}
      onKeyDown={(event) => walk(event, rowHeight.value)}
    >
      <div class="feed-window" style={{ transform: `translateY(${first.value * rowHeight.value}px)` }}>
        {shown.map((row, at) => (
          <FeedRow
            key={row.id}
            row={row}
            place={first.value + at + 1}
            of={list.isAll ? rows.length : -1}
            retracted={list.retracted.value.get(row.id)}
          />
        ))}
      </div>
    </div>
  );
}

/** Page Down and Page Up go from article to article, as a feed does (ARIA Authoring Practices). */
function walk(event: KeyboardEvent, rowHeight: number): void {
  const by = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
  const row = event.target instanceof Element ? event.target.closest('.row') : null;
  const next = by === 1 ? row?.nextElementSibling : by === -1 ? row?.previousElementSibling : null;
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  scrollBy(0, by * rowHeight);
}
