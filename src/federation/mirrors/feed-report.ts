import type { OriginId } from '../../core/ids.js';
import type { Gap } from '../../core/log.js';

/** What came over a link and was not taken, by why. */
export interface Refused {
  /** Was here already. */
  echoes: number;
  /** Did not go on with its log: out of order, or after something that is missing. */
  outOfOrder: number;
  /** Was not what its origin sealed. */
  broken: number;
  /** Had lost texts that another link may have; taken all the same when none has. */
  stripped: number;
  /** Of logs that the link has not announced, or over its share. */
  unwanted: number;
  /** Heads that their origin did not sign. */
  heads: number;
}

export type ReportLine = (line: { readonly level: 'info' | 'warn' | 'error'; readonly text: string }) => void;

/** Told of a link at most; a liar could fill the disk with its names. */
const mostNamed = 100;

/** Counts what is refused, and names it in the log once for each link and origin. */
export class FeedReport {
  private readonly counted = new Map<OriginId, Refused>();
  private readonly named = new Map<OriginId, Set<string>>();

  constructor(
    private readonly nameOf: (peer: OriginId) => string,
    private readonly line: ReportLine,
  ) {}

  count(peer: OriginId, what: keyof Refused): void {
    this.of(peer)[what] += 1;
  }

  /** As `count`, and says `text` of `origin` when it is the first time. */
  refuse(peer: OriginId, what: keyof Refused, origin: OriginId, text: string): void {
    this.count(peer, what);
    const named = this.named.get(peer) ?? new Set<string>();
    this.named.set(peer, named);
    const key = `${what} ${origin}`;
    if (named.has(key) || named.size >= mostNamed) return;
    named.add(key);
    this.line({ level: 'warn', text: `${this.nameOf(peer)} ${text} (log ${origin.slice(0, 12)}…)` });
  }

  say(level: 'info' | 'warn' | 'error', text: string): void {
    this.line({ level, text });
  }

  gap({ origin, fromSeq, toSeq, reason }: Gap): void {
    this.say('warn', `entries ${fromSeq} to ${toSeq} of log ${origin.slice(0, 12)}… are missing: ${reason}`);
  }

  bug(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.say('error', `the feed failed: ${text}`);
  }

  of(peer: OriginId): Refused {
    const counted = this.counted.get(peer) ?? {
      echoes: 0,
      outOfOrder: 0,
      broken: 0,
      stripped: 0,
      unwanted: 0,
      heads: 0,
    };
    this.counted.set(peer, counted);
    return counted;
  }

  forget(peer: OriginId): void {
    this.counted.delete(peer);
    this.named.delete(peer);
  }
}
