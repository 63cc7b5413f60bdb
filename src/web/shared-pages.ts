import type { QueryOptions } from '../client/index.js';
import { type Clock, sleep } from '../core/clock.js';
import type { Page } from './api.js';

/** However many ask for the same page, their community is asked for it no more often than this. */
const apartMs = 100;

/** A question on its way, or just answered. */
interface Turn {
  /** Resolves when the next may be asked. */
  readonly over: Promise<void>;
  /** For all who came since: what is answered is never older than who asked. */
  next: Promise<Page> | undefined;
}

/** Pages that anyone may read: those who ask for the same one at the same time share a question. */
export class SharedPages {
  private readonly turns = new Map<string, Turn>();

  constructor(private readonly clock: Clock) {}

  /** The page as it is now. What `ask` gives must not depend on who asks. */
  page(community: string, options: QueryOptions, ask: () => Promise<Page>): Promise<Page> {
    const key = `${community} ${JSON.stringify(options)}`;
    const turn = this.turns.get(key);
    if (!turn) return this.ask(key, ask);
    turn.next ??= turn.over.then(() => this.ask(key, ask));
    return turn.next;
  }

  private ask(key: string, ask: () => Promise<Page>): Promise<Page> {
    const page = ask();
    const over = Promise.all([page.catch(() => undefined), sleep(this.clock, apartMs)]).then(() => undefined);
    const turn: Turn = { over, next: undefined };
    this.turns.set(key, turn);
    void over.then(() => void (turn.next ?? this.turns.delete(key)));
    return page;
  }
}
