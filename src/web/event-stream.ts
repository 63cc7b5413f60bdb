import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { type Clock, sleep } from '../core/clock.js';
import { eventText } from './live-events.js';

/** Proxies and browsers take silence for death. */
const silenceMs = 15_000;
/** A reader that takes nothing for so long is let go: it comes again, and goes on where it was. */
const stalledMs = 30_000;

/** Events as they happen, to one reader. No more is kept for a slow one than one event and what the socket holds. */
export class EventStream {
  private readonly response: ServerResponse;
  private readonly ending = new AbortController();
  private isBusy = false;

  constructor(
    reply: FastifyReply,
    private readonly clock: Clock,
  ) {
    this.response = reply.raw;
    this.response.once('close', () => this.ending.abort());
    if (this.response.destroyed) this.ending.abort();
    const headers = {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...headers }))
      if (value !== undefined) this.response.setHeader(name, value);
    reply.hijack();
    this.response.writeHead(200);
    this.response.flushHeaders();
    void this.stayAwake();
  }

  /** Fires when the reader has gone. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** Tells one event; resolves when there is room for the next. */
  async tell(type: string, data: unknown): Promise<void> {
    await this.write(eventText(type, data));
  }

  /** The same of an event that is text already. */
  async write(text: string): Promise<void> {
    if (this.signal.aborted || this.response.write(text)) return;
    this.isBusy = true;
    const disarm = this.clock.after(stalledMs, () => this.response.destroy());
    await once(this.response, 'drain', { signal: this.signal }).catch(() => undefined);
    disarm();
    this.isBusy = false;
  }

  close(): void {
    this.ending.abort();
    this.response.end();
  }

  private async stayAwake(): Promise<void> {
    while (!this.signal.aborted) {
      await sleep(this.clock, silenceMs, this.signal);
      if (!this.signal.aborted && !this.isBusy) this.response.write(': still here\n\n');
    }
  }
}
