import type { Socket } from 'node:net';
import { limits } from '../core/limits.js';

/** What a call may bring besides its messages: headers, and a body that nobody reads because the call is refused. */
const callBytes = 16 * 1024;
/** What needs no call: settings, window updates, the pings that keep a connection open; at once, and for each second. */
const spareBytes = 1024 * 1024;
const spareBytesASecond = 64 * 1024;
/** Who reads answers grants windows and measures the way meanwhile: in frames as short as a ping, one for a frame of ours at most. */
const forWritten = 1 / 4;

/**
 * Tells a connection that works from one that makes noise. What belongs to calls is told by the calls; how much there is in
 * all, by the socket. What is in a frame nobody outside of HTTP/2 can see.
 */
export class Traffic {
  private read = 0;
  private written = 0;
  private explained = 0;
  private unexplained = 0;
  /** Calls whose request has not come to its end. */
  private arriving = 0;

  constructor(private readonly socket: Pick<Socket, 'bytesRead' | 'bytesWritten'>) {}

  callBegins(): void {
    this.arriving += 1;
    this.explained += callBytes;
  }

  /** A whole message has come, over whatever time. */
  messageComes(): void {
    this.explained += limits.messageBytes;
  }

  requestEnds(): void {
    this.arriving -= 1;
  }

  /**
   * Looks at what has come in the last `ms`.
   * @returns `busy` when that is more than what needs no call, `noise` when too much of it all belongs to none.
   */
  look(ms: number): 'quiet' | 'busy' | 'noise' {
    const { bytesRead } = this.socket;
    const spare = (spareBytesASecond * ms) / 1000;
    const come = bytesRead - this.read;
    this.read = bytesRead;
    // Most connections are quiet, and to ask for what was written takes longer than all the rest.
    if (come > spare) this.explained += this.newlyWritten() * forWritten;
    this.unexplained = Math.max(0, this.unexplained + come - spare - this.explained);
    this.explained = 0;
    if (this.unexplained > spareBytes + this.arriving * limits.messageBytes) return 'noise';
    return come > spare ? 'busy' : 'quiet';
  }

  private newlyWritten(): number {
    const { bytesWritten } = this.socket;
    const newly = bytesWritten - this.written;
    this.written = bytesWritten;
    return newly;
  }
}
