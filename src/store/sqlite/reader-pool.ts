import { MootError } from '../../core/errors.js';
import type { ReaderCalls } from './messages.js';
import { type Method, WorkerLink } from './worker-link.js';

/** Calls that may wait for one reader, before more are refused. */
const mostWaiting = 4096;

interface Slot {
  waiting: number;
  link: Promise<WorkerLink<ReaderCalls>> | undefined;
}

/** Readers side by side; a call goes to the one with the least to do. One that died is replaced by the next call to it. */
export class ReaderPool {
  private readonly slots: readonly Slot[];

  private constructor(
    count: number,
    private readonly data: { readonly file: string; readonly own: string },
    private readonly onDamaged: (place: number) => void,
    private readonly script: URL,
  ) {
    this.slots = Array.from({ length: count }, () => ({ waiting: 0, link: undefined }));
  }

  /** @throws MootError when a reader cannot open the database. */
  static async start(
    count: number,
    data: { readonly file: string; readonly own: string },
    onDamaged: (place: number) => void,
    script = new URL('./reader-worker.js', import.meta.url),
  ): Promise<ReaderPool> {
    const pool = new ReaderPool(count, data, onDamaged, script);
    await Promise.all(pool.slots.map((slot) => pool.linkOf(slot)));
    return pool;
  }

  /** @throws MootError `unavailable` when the reader dies, `full` when too many calls wait, or what the reader throws. */
  async call<M extends keyof ReaderCalls>(
    method: M,
    ...args: Method<ReaderCalls, M>['args']
  ): Promise<Method<ReaderCalls, M>['result']> {
    const slot = this.slots.reduce((best, other) => (other.waiting < best.waiting ? other : best));
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

  async close(): Promise<void> {
    // One that died has closed its connection with it.
    await Promise.allSettled(this.slots.map(async ({ link }) => await (await link)?.stop('close')));
  }

  private linkOf(slot: Slot): Promise<WorkerLink<ReaderCalls>> {
    if (slot.link) return slot.link;
    const empty = (): void => {
      slot.link = undefined;
    };
    slot.link = WorkerLink.start<ReaderCalls>(this.script, this.data, {
      onNotice: (notice) => {
        if (notice.notice === 'damaged') this.onDamaged(notice.place);
      },
      onDeath: empty,
    });
    slot.link.catch(empty);
    return slot.link;
  }
}
