import { MootError } from '../core/errors.js';

interface Page<T> {
  readonly items: readonly T[];
  /** '' when that was all. */
  readonly nextPageToken: string;
}

/** Page after page, each asked when the one before has been read. @throws MootError `damaged` when they lead nowhere. */
export async function* pages<T>(ask: (pageToken: string) => Promise<Page<T>>): AsyncGenerator<T> {
  for (let pageToken = ''; ; ) {
    const { items, nextPageToken } = await ask(pageToken);
    yield* items;
    if (nextPageToken === '') return;
    if (items.length === 0 || nextPageToken === pageToken)
      throw new MootError('damaged', 'the pages of the answer lead nowhere');
    pageToken = nextPageToken;
  }
}
