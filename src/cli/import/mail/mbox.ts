import { invalid } from '../../../core/errors.js';
import type { Candidate, Reader } from '../candidate.js';
import { ImportKeys } from '../keys.js';
import { messageBytes, messages } from './messages.js';

/** One article a message. */
export const readMbox: Reader = async function* ({ name, chunks, topics }): AsyncGenerator<Candidate> {
  const { parseMail } = await import('./mail.js');
  const keys = new ImportKeys();
  let count = 0;
  for await (const { number, envelope, bytes } of messages(chunks)) {
    count = number;
    yield {
      place: `${name}: message ${number}`,
      toItem: async () => {
        if (bytes) return parseMail(bytes, envelope, topics, keys);
        throw invalid('message', `the message is longer than ${messageBytes} bytes, or one of its lines is too long`);
      },
    };
  }
  if (count === 0) throw invalid('file', 'it is no mbox: no line begins with From and ends in a date');
};
