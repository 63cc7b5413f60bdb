import { type CatchingUp, catchUp, openOwn } from './catch-up.js';
import type { EventStream } from './event-stream.js';
import type { Handles } from './handles.js';
import { eventText, type Line, sayWhy, toLost } from './live-events.js';
import type { Joined, SharedStreams, Wanted } from './shared-streams.js';

export interface FollowingParts {
  readonly streams: SharedStreams;
  readonly handles: Handles;
  readonly nameOf: (id: string) => string | undefined;
}

/** Where a reader begins: behind lines that are still kept, or where the shared stream is not. */
type Beginning = { readonly missed: readonly Line[]; readonly number: number } | { readonly own: CatchingUp };

/**
 * One reader of what many follow: they read the shared stream from now on, or from behind a line that is still kept. Who was
 * elsewhere has a subscription of their own until it has come to where the shared one is.
 */
export class Following {
  /** The handle of the place that the reader was told last. */
  private last = '';

  private constructor(
    private readonly parts: FollowingParts,
    private readonly wanted: Wanted,
    private readonly joined: Joined,
    private readonly beginning: Beginning,
  ) {}

  /** @param start `now`, `beginning`, or a handle. @throws MootError `gone` for a handle that is not known, and whatever refuses. */
  static async open(parts: FollowingParts, wanted: Wanted, start: string): Promise<Following> {
    const isHandle = start !== 'now' && start !== 'beginning';
    const from = isHandle ? { cursor: parts.handles.cursorOf(start) } : 'beginning';
    const joined = await parts.streams.join(wanted);
    const { shared } = joined;
    try {
      const greeting = shared.greeting();
      const number = isHandle ? shared.behind(start) : start === 'now' ? shared.end : undefined;
      const lines = number === undefined ? undefined : shared.since(number);
      const beginning = lines
        ? { missed: greeting ? [...lines, greeting] : lines, number: shared.end }
        : { own: await openOwn(parts.streams, shared, wanted, from) };
      return new Following(parts, wanted, joined, beginning);
    } catch (error) {
      joined.leave();
      throw error;
    }
  }

  /** Tells event after event until the reader has gone, or nothing more comes. Never rejects. */
  async tell(stream: EventStream): Promise<void> {
    const { shared } = this.joined;
    try {
      let number = await this.begin(stream);
      while (!stream.signal.aborted) {
        number = await this.readShared(stream, number);
        if (stream.signal.aborted || shared.isOver) break;
        // The reader was too slow for what is kept: they go on from where they are.
        const cursor = this.parts.handles.cursorOf(this.last);
        number = await this.catchUp(stream, await openOwn(this.parts.streams, shared, this.wanted, { cursor }));
      }
    } catch (error) {
      const { type, data } = toLost(sayWhy(error));
      await stream.write(eventText(type, data));
    } finally {
      this.joined.leave();
      stream.close();
    }
  }

  private async begin(stream: EventStream): Promise<number> {
    if ('own' in this.beginning) return this.catchUp(stream, this.beginning.own);
    for (const line of this.beginning.missed) await this.write(stream, line);
    return this.beginning.number;
  }

  /** Until the reader has gone, the stream is over, or the next line is kept no longer. */
  private async readShared(stream: EventStream, from: number): Promise<number> {
    const { shared } = this.joined;
    let number = from;
    for (let lines = shared.since(number); lines && !stream.signal.aborted; lines = shared.since(number)) {
      for (const line of lines) await this.write(stream, line);
      number += lines.length;
      if (number >= shared.end && shared.isOver) break;
      await shared.grown(number, stream.signal);
    }
    return number;
  }

  private async catchUp(stream: EventStream, own: CatchingUp): Promise<number> {
    const { shared } = this.joined;
    const stop = (): void => own.close();
    stream.signal.addEventListener('abort', stop);
    if (stream.signal.aborted) stop();
    try {
      const write = (line: Line): Promise<void> => this.write(stream, line);
      return (await catchUp(own, shared, { ...this.parts, write })) ?? shared.end;
    } finally {
      stream.signal.removeEventListener('abort', stop);
      stop();
    }
  }

  private async write(stream: EventStream, { id, text }: Line): Promise<void> {
    await stream.write(text);
    if (id !== '') this.last = id;
  }
}
