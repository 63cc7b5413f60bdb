import type { FeedEvent, Subscription } from '../client/index.js';
import { parseCursor } from '../core/cursor.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { LogPlace } from '../core/log.js';
import type { Bookmarks } from './handles.js';
import { eventText, type Line, sayWhy, type Told, toLine, toLost, toTold } from './live-events.js';

/** What is kept for who reads more slowly than articles come, or has lost a connection for a moment. */
const mostLines = 1024;
const mostBytes = 2 * 1024 * 1024;

/** A subscription whose first frame has come. */
export interface Opened {
  readonly subscription: Subscription;
  readonly events: AsyncIterator<FeedEvent>;
}

export interface SharedParts extends Opened {
  readonly marks: Bookmarks;
  readonly nameOf: (id: string) => string | undefined;
}

/** One subscription for any number of readers: each reads the newest lines at their own pace, by their number. */
export class SharedStream {
  private readonly lines: Line[] = [];
  /** The number of the first that is kept. */
  private first = 0;
  private bytes = 0;
  private readonly waiting = new Set<() => void>();
  private here: string;
  private isCaughtUp = false;
  private lost: string | undefined;
  private hasEnded = false;
  /** Resolves when nothing more will come. Never rejects. */
  readonly ended: Promise<void>;

  constructor(private readonly parts: SharedParts) {
    this.here = parts.marks.at(parts.subscription.cursor);
    this.ended = this.run();
  }

  /** The number that the next line gets. */
  get end(): number {
    return this.first + this.lines.length;
  }

  get isOver(): boolean {
    return this.hasEnded;
  }

  /** All that it tells from `end` on lies behind these. */
  get places(): ReadonlyMap<OriginId, LogPlace> {
    return parseCursor(this.parts.subscription.cursor).places;
  }

  /** Nothing is known to be missing before `end`. */
  get isLive(): boolean {
    return this.isCaughtUp && this.lost === undefined && !this.hasEnded;
  }

  /** What a reader is told who begins at `end`. @throws MootError `unavailable` while the community is not heard. */
  greeting(): Line | undefined {
    if (this.lost !== undefined) throw new MootError('unavailable', this.lost);
    if (!this.isCaughtUp) return undefined;
    return { id: this.here, text: eventText('caughtUp', {}, this.here), at: undefined };
  }

  /** The number of the line that follows the one with this handle; undefined when that is not kept. */
  behind(handle: string): number | undefined {
    if (handle === this.here) return this.end;
    const at = this.lines.findLastIndex(({ id }) => id === handle);
    return at < 0 ? undefined : this.first + at + 1;
  }

  /** The lines from a number on; undefined when they are kept no longer. */
  since(number: number): readonly Line[] | undefined {
    return number < this.first ? undefined : this.lines.slice(number - this.first);
  }

  /** Resolves when there is a line with this number, nothing more comes, or `signal` fires. */
  async grown(number: number, signal: AbortSignal): Promise<void> {
    while (number >= this.end && !this.hasEnded && !signal.aborted)
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.waiting.add(wake);
        signal.addEventListener('abort', wake);
      });
  }

  close(): void {
    this.parts.subscription.close();
  }

  private async run(): Promise<void> {
    const { events } = this.parts;
    try {
      for (let next = await events.next(); !next.done; next = await events.next()) this.take(next.value);
    } catch (error) {
      this.add(toLost(sayWhy(error)));
    } finally {
      this.hasEnded = true;
      this.wake();
    }
  }

  private take(event: FeedEvent): void {
    if (event.type === 'accepted') this.lost = undefined;
    if (event.type === 'reconnecting') [this.lost, this.isCaughtUp] = [event.reason, false];
    if (event.type === 'caughtUp') this.isCaughtUp = true;
    if (event.type === 'heartbeat') this.parts.marks.stay();
    const told = toTold(event, this.parts.nameOf);
    if (told) this.add(told);
  }

  private add(told: Told): void {
    const { marks, subscription } = this.parts;
    const line = toLine(told, marks, () => subscription.cursor);
    if (line.id !== '') this.here = line.id;
    this.lines.push(line);
    this.bytes += line.text.length;
    while (this.lines.length > mostLines || (this.bytes > mostBytes && this.lines.length > 1)) {
      this.bytes -= this.lines.shift()?.text.length ?? 0;
      this.first += 1;
    }
    this.wake();
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake();
  }
}
