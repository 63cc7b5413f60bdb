import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Bus } from '../core/bus.js';
import { type Clock, sleep } from '../core/clock.js';
import { Listeners } from '../core/listeners.js';
import { refusalOf } from './nats-refusal.js';
import { natsTls } from './nats-tls.js';
import { type NatsPlace, placeInWords } from './nats-url.js';

export interface NatsBusOptions {
  readonly place: NatsPlace;
  /** PEM of who vouches for its certificate; none: whom the system trusts. */
  readonly ca?: string | undefined;
  /** Begins every subject, so that communities share one NATS. */
  readonly community: string;
  readonly clock: Clock;
  /** Told once when it cannot be reached, or refuses, and once when it is there again. */
  readonly onChange: (isUp: boolean, text: string) => void;
}

interface Subject {
  readonly listeners: Listeners<Uint8Array>;
  subscription: Subscription | undefined;
}

/** Between two attempts; a frozen one is noticed after three pings. */
const againMs = 250;
const attemptMs = 2000;
const pingMs = 2000;

/** A bus over NATS. It connects in the background, for as long as it takes, and nothing that happens to it reaches a caller. */
export class NatsBus implements Bus {
  private readonly subjects = new Map<string, Subject>();
  private readonly closing = new AbortController();
  private readonly running: Promise<void>;
  private readonly first: Promise<void>;
  private connection: NatsConnection | undefined;
  private up = false;
  private said: 'up' | 'away' | 'refused' | undefined;

  private constructor(private readonly options: NatsBusOptions) {
    let isTried = (): void => undefined;
    this.first = new Promise((resolve) => {
      isTried = resolve;
    });
    this.running = this.run(isTried);
  }

  /** Resolves when it is there, or the first attempt has failed; that is no error. */
  static async open(options: NatsBusOptions): Promise<NatsBus> {
    const bus = new NatsBus(options);
    await bus.first;
    return bus;
  }

  get isUp(): boolean {
    return this.up;
  }

  publish(subject: string, data: Uint8Array): void {
    const { connection } = this;
    // What is published while it is away would wait in memory, and be old when it comes.
    if (!connection || !this.up || data.length > (connection.info?.max_payload ?? 0)) return;
    try {
      connection.publish(this.named(subject), data);
    } catch {
      // It is lost, as every message may be.
    }
  }

  subscribe(subject: string, listener: (data: Uint8Array) => void): () => void {
    const known = this.subjects.get(subject) ?? { listeners: new Listeners<Uint8Array>(), subscription: undefined };
    this.subjects.set(subject, known);
    const remove = known.listeners.add(listener);
    if (this.connection) this.listen(this.connection, subject, known);
    return () => {
      remove();
      if (known.listeners.size > 0 || this.subjects.get(subject) !== known) return;
      this.subjects.delete(subject);
      known.subscription?.unsubscribe();
    };
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.up = false;
    this.subjects.clear();
    await this.connection?.close().catch(() => undefined);
    await this.running;
  }

  private async run(isTried: () => void): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      let fault: unknown = new Error('the connection was lost');
      try {
        const connection = await this.connect();
        this.connection = connection;
        for (const [subject, known] of this.subjects) this.listen(connection, subject, known);
        // What is subscribed above is known there before anybody is told that it is up.
        await connection.flush();
        this.note('up');
        isTried();
        await (signal.aborted ? connection.close() : connection.closed());
      } catch (error) {
        fault = error;
      }
      this.connection = undefined;
      const refusal = refusalOf(fault);
      this.note(
        refusal === undefined ? 'away' : 'refused',
        refusal ?? (fault instanceof Error ? fault.message : String(fault)),
      );
      isTried();
      await sleep(this.options.clock, againMs, signal);
    }
  }

  private async connect(): Promise<NatsConnection> {
    const { servers, user, pass, token, tls } = this.options.place;
    const { connect } = await import('@nats-io/transport-node');
    return connect({
      servers: [...servers],
      ...(user !== undefined && { user }),
      ...(pass !== undefined && { pass }),
      ...(token !== undefined && { token }),
      ...(tls && { tls: natsTls(this.options.place, this.options.ca) }),
      name: 'moot',
      timeout: attemptMs,
      pingInterval: pingMs,
      maxPingOut: 2,
      // We make it anew ourselves: the client's own attempts would keep a first one waiting for ever.
      reconnect: false,
    });
  }

  private listen(connection: NatsConnection, subject: string, known: Subject): void {
    if (known.subscription && !known.subscription.isClosed()) return;
    try {
      known.subscription = connection.subscribe(this.named(subject), {
        callback: (error, message) => {
          if (!error) this.hear(known, message.data);
        },
      });
    } catch {
      // It is being closed: the next connection subscribes again.
    }
  }

  private hear({ listeners }: Subject, data: Uint8Array): void {
    try {
      listeners.tell(data);
    } catch {
      // A message that a listener cannot take is worth no more than one that was lost.
    }
  }

  private named(subject: string): string {
    return `moot.${this.options.community}.${subject}`;
  }

  private note(state: 'up' | 'away' | 'refused', reason = ''): void {
    const isUp = state === 'up';
    this.up = isUp && !this.closing.signal.aborted;
    if (this.said === state || this.closing.signal.aborted) return;
    const isFirst = this.said === undefined;
    this.said = state;
    const where = placeInWords(this.options.place);
    const what = state === 'away' ? 'is away' : 'cannot be used';
    if (!isUp) this.options.onChange(false, `bus ${where} ${what} (${reason}): replicas look each second meanwhile`);
    else if (!isFirst) this.options.onChange(true, `bus ${where} is there again`);
  }
}
