import { invalid } from '../../core/errors.js';
import type { Candidate, Reader } from './candidate.js';
import { parseDraftLine } from './draft-line.js';
import { ImportKeys } from './keys.js';
import { lineBytes, lines } from './lines.js';

const byteOrderMark = Buffer.from('\ufeff');

/** One article a line. */
export const readNdjson: Reader = async function* ({ name, chunks, topics }): AsyncGenerator<Candidate> {
  const keys = new ImportKeys();
  for await (const { number, bytes } of lines(chunks)) {
    yield {
      place: `${name}:${number}`,
      toItem: () => {
        if (!bytes) throw invalid('line', `the line is longer than ${lineBytes} bytes`);
        const draft = parseDraftLine(number === 1 ? withoutMark(bytes) : bytes, topics.given);
        return draft && { draft, key: keys.next(draft) };
      },
    };
  }
};

function withoutMark(bytes: Uint8Array): Uint8Array {
  return byteOrderMark.equals(bytes.subarray(0, byteOrderMark.length)) ? bytes.subarray(byteOrderMark.length) : bytes;
}
