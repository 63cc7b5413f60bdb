const paths = {
  check: 'M4 10.5l4 4 8-9',
  warning: 'M10 3l8 14H2zM10 8v4M10 14.2v.3',
  info: 'M10 9v5M10 6v.3M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z',
  seal: 'M10 2l2.2 1.8 2.8-.2.7 2.8 2.4 1.5-1.1 2.6 1.1 2.6-2.4 1.5-.7 2.8-2.8-.2L10 19l-2.2-1.8-2.8.2-.7-2.8-2.4-1.5L3 10.5 1.9 7.9l2.4-1.5.7-2.8 2.8.2zM6.8 10.3l2.3 2.3 4.2-4.6',
  reply: 'M8 5L3 10l5 5M3 10h8c3.5 0 6 1.5 6 5',
  pen: 'M3 17l1-4L14 3l3 3L7 16z',
  search: 'M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3zM13.5 13.5L17.5 17.5',
  read: 'M3 4.5c3-1 5-.5 7 1 2-1.5 4-2 7-1v11c-3-1-5-.5-7 1-2-1.5-4-2-7-1zM10 5.5v11',
  map: 'M5 6.5a2 2 0 1 0 0-.1zM15.5 5a1.5 1.5 0 1 0 0-.1zM10 15.5a2 2 0 1 0 0-.1zM6.5 6L14 5M6 8l3 6M14.8 6.3L11 14',
  people:
    'M7 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM1.5 17c0-3 2.2-5 5.5-5s5.5 2 5.5 5M13 3.3a3 3 0 0 1 0 5.4M14.5 12.3c2.4.5 4 2.3 4 4.7',
  gear: 'M4 6h12M4 14h12M8 4v4M13 12v4',
  left: 'M12 4l-6 6 6 6',
  up: 'M10 16V4M5 9l5-5 5 5',
  close: 'M5 5l10 10M15 5L5 15',
} as const;

export type IconName = keyof typeof paths;

/** A drawing beside words that say the same. */
export function Icon({ of }: { readonly of: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[of]} />
    </svg>
  );
}
