import { readStored, writeStored } from './stored.js';

/** What is being written, as it is kept on this device until it is published. */
export interface Draft {
  readonly community: string;
  readonly topic: string;
  readonly title: string;
  readonly body: string;
  /** Names this very text to the community, so that sending it twice publishes it once; undefined until it is first sent. */
  readonly key: string | undefined;
}

export const emptyDraft: Draft = { community: '', topic: '', title: '', body: '', key: undefined };

export function readDraft(place: string): Draft | undefined {
  return readStored<Draft>(nameOf(place));
}

/** @returns false where the browser keeps nothing. */
export function keepDraft(place: string, draft: Draft): boolean {
  return writeStored(nameOf(place), draft);
}

export function dropDraft(place: string): void {
  writeStored(nameOf(place), undefined);
}

/** A key that nobody else makes: 128 random bits. */
export function makeKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function nameOf(place: string): string {
  return `moot.draft.${place}`;
}
