import { signal } from '@preact/signals';

/** The time, often enough for words such as "4 minutes ago". */
export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 20_000);
