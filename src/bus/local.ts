import type { Bus } from '../core/bus.js';
import { Listeners } from '../core/listeners.js';

/** A bus inside one process: what is published is heard before `publish` returns. */
export class LocalBus implements Bus {
  private readonly subjects = new Map<string, Listeners<Uint8Array>>();
  isUp = true;

  publish(subject: string, data: Uint8Array): void {
    this.subjects.get(subject)?.tell(data);
  }

  subscribe(subject: string, listener: (data: Uint8Array) => void): () => void {
    const listeners = this.subjects.get(subject) ?? new Listeners<Uint8Array>();
    this.subjects.set(subject, listeners);
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.size === 0 && this.subjects.get(subject) === listeners) this.subjects.delete(subject);
    };
  }

  async close(): Promise<void> {
    this.isUp = false;
    this.subjects.clear();
  }
}
