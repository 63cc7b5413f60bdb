import { type Draft, parseDraft, parseKey } from '../core/draft.js';
import { invalid, isMootError, type MootError } from '../core/errors.js';
import type { PublishResult } from './types.js';

/** A draft and its idempotency key. */
export interface PublishItem {
  readonly draft: Draft;
  readonly key: string;
}

interface Waiting extends PublishItem {
  /** It was refused here, and is never sent: one draft that is too large would end the stream for all. */
  readonly refused: MootError | undefined;
}

/** Drafts that are taken from their source and not yet answered for: so many, and so many characters. */
const mostWaiting = 2048;
const mostCharacters = 8 * 1024 * 1024;

/** The source of a bulk publish, taken at the pace of the acknowledgements, and what of it waits for one. */
export class PublishWindow {
  private readonly source: Iterator<PublishItem> | AsyncIterator<PublishItem>;
  private readonly waiting: Waiting[] = [];
  private upcoming: Promise<IteratorResult<PublishItem>> | undefined;
  private characters = 0;
  private exhausted = false;

  constructor(items: Iterable<PublishItem> | AsyncIterable<PublishItem>) {
    this.source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  }

  get isExhausted(): boolean {
    return this.exhausted;
  }

  /** True when there is nothing more to take and nothing waits. */
  get isDone(): boolean {
    return this.exhausted && this.waiting.length === 0;
  }

  get isFull(): boolean {
    return this.waiting.length >= mostWaiting || this.characters >= mostCharacters;
  }

  /** What was sent and not answered, to be sent again: all of it but what was refused here. */
  unanswered(): readonly PublishItem[] {
    return this.waiting.filter(({ refused }) => !refused);
  }

  /** The source's next; the same one for everyone who asks before it has come. */
  next(): Promise<IteratorResult<PublishItem>> {
    this.upcoming ??= Promise.resolve(this.source.next());
    return this.upcoming;
  }

  /** Takes what `next` gave. @returns what is to be sent; undefined when it was refused here, or there is no more. */
  take(result: IteratorResult<PublishItem>): PublishItem | undefined {
    this.upcoming = undefined;
    if (result.done) {
      this.exhausted = true;
      return undefined;
    }
    const refused = refusalOf(result.value);
    this.waiting.push({ ...result.value, refused });
    this.characters += result.value.draft.body.length;
    return refused ? undefined : result.value;
  }

  /** The results at the front that need no answer of the server. */
  *settled(): Generator<PublishResult> {
    for (let first = this.waiting[0]; first?.refused; first = this.waiting[0]) {
      this.answer();
      yield { key: first.key, refused: first.refused };
    }
  }

  /** The one that the server's next answer is about; undefined when it answers what nobody asked. */
  answer(): PublishItem | undefined {
    const first = this.waiting.shift();
    this.characters -= first?.draft.body.length ?? 0;
    return first;
  }

  /** Lets go of the source, when the bulk ends before it does. */
  async close(): Promise<void> {
    if (!this.exhausted) await this.source.return?.();
  }
}

function refusalOf({ draft, key }: PublishItem): MootError | undefined {
  try {
    // What is sent again after a break makes a second article without one.
    if (!key) throw invalid('key', 'a key is required: another one for each draft');
    parseKey(key);
    // What topics are taken, and the date, are for the community to judge.
    parseDraft(draft, [], Number.POSITIVE_INFINITY);
    return undefined;
  } catch (error) {
    if (isMootError(error)) return error;
    throw error;
  }
}
