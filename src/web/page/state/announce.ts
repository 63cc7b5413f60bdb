import { signal } from '@preact/signals';

/** What a screen reader is told next, besides what it reads. */
export const announced = signal('');

export function announce(sentence: string): void {
  announced.value = announced.value === sentence ? `${sentence}\u00a0` : sentence;
}
