import { MootError } from '../../core/errors.js';
import type { ReaderCalls } from './messages.js';
import { type Method, WorkerLink } from './worker-link.js';

/** Pages are garbage as soon as they are sent: the default of 48 MiB would be filled with them before it is cleared. */
const readerLimits = { maxYoungGenerationSizeMb: 4 };
/** Calls that may wait for one reader, before more are refused. */
const mostWaiting = 4096;
/** Calls that wait for the readers that are there, before one more is started. */
const busy = 2;

interface Slot {
  waiting: number;
  link: Promise<WorkerLink<ReaderCalls>> | undefined;
  isReady: boolean;
}

/**
 * Readers side by side; a call goes to the one with the least to do. The first is there from the start; another is started
 * when those that are there have work, since a thread takes some 15 MiB. One that died is replaced in the same way.
 */
export class ReaderPool {
  private readonly slots: readonly Slot[];

  private constructor(
    count: number,
    private readonly data: { readonly file: string; readonly own: string },
    private readonly onDamaged: (place: number) => void,
    private readonly script: URL,
  ) {
    this.slots = Array.from({ length: count }, () => ({ waiting: 0, link: undefined, isReady: false }));
  }

  /** @throws MootError when a reader cannot open the database. */
  static async start(
    count: number,
    data: { readonly file: string; readonly own: string },
    onDamaged: (place: number) => void,
    script = new URL('./reader-worker.js', import.meta.url),
  ): Promise<ReaderPool> {
    const pool = new ReaderPool(count, data, onDamaged, script);
    await Promise.all(pool.slots.slice(0, 1).map((slot) => pool.linkOf(slot)));
    return pool;
  }

  /** @throws MootError `unavailable` when the reader dies, `full` when too many calls wait, or what the reader throws. */
  async call<M extends keyof ReaderCalls>(
    method: M,
    ...args: Method<ReaderCalls, M>['args']
  ): Promise<Method<ReaderCalls, M>['result']> {
    const slot = this.leastBusy();
    if (slot.waiting >= mostWaiting)
      throw new MootError('full', 'too many questions wait for the store', { hint: 'ask again in a moment' });
    slot.waiting += 1;
    try {
      const link = await this.linkOf(slot);
      return await link.call(method, ...args);
    } finally {
      slot.waiting -= 1;
    }
  }

  /** Of those that are there, or are the first to start; nobody waits for one more. */
  private leastBusy(): Slot {
    const ready = this.slots.filter(({ isReady }) => isReady);
    const among = ready.length > 0 ? ready : this.slots;
    const best = among.reduce((one, other) => (other.waiting < one.waiting ? other : one));
    const idle = this.slots.find(({ link }) => link === undefined);
    if (best.waiting >= busy && idle) this.linkOf(idle).catch(() => undefined);
    return best;
  }

  async close(): Promise<void> {
    // One that died has closed its connection with it.
    await Promise.allSettled(this.slots.map(async ({ link }) => await (await link)?.stop('close')));
  }

  private linkOf(slot: Slot): Promise<WorkerLink<ReaderCalls>> {
    if (slot.link) return slot.link;
    const empty = (): void => {
      slot.link = undefined;
      slot.isReady = false;
    };
    slot.link = WorkerLink.start<ReaderCalls>(this.script, this.data, readerLimits, {
      onNotice: (notice) => {
        if (notice.notice === 'damaged') this.onDamaged(notice.place);
      },
      onDeath: empty,
    });
    slot.link.then(() => {
      slot.isReady = true;
    }, empty);
    return slot.link;
  }
}
