import type { PublishItem } from '../../client/index.js';
import { isMootError } from '../../core/errors.js';
import { parseDraftLine } from './draft-line.js';
import { ImportKeys } from './keys.js';
import { lineBytes, lines } from './lines.js';
import type { Source } from './source.js';

export interface ItemEvents {
  /** An item was given; results come in the same order. */
  given(place: string): void;
  /** A line that cannot be an article. */
  refused(place: string, why: string): void | Promise<void>;
  read(bytes: number): void;
}

const byteOrderMark = Buffer.from('\ufeff');

/** What the lines of all sources want published, with its idempotency keys. A bad line is named and passed over. */
export async function* importItems(sources: readonly Source[], events: ItemEvents): AsyncGenerator<PublishItem> {
  for (const source of sources) {
    const keys = new ImportKeys();
    for await (const { number, bytes } of lines(source.open(), events.read)) {
      const place = `${source.name}:${number}`;
      try {
        const draft = bytes && parseDraftLine(number === 1 ? withoutMark(bytes) : bytes);
        if (!bytes) await events.refused(place, `the line is longer than ${lineBytes} bytes`);
        if (!draft) continue;
        const item = { draft, key: keys.next(draft) };
        events.given(place);
        yield item;
      } catch (error) {
        if (!isMootError(error)) throw error;
        await events.refused(place, error.message);
      }
    }
  }
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return byteOrderMark.equals(bytes.subarray(0, byteOrderMark.length)) ? bytes.subarray(byteOrderMark.length) : bytes;
}
