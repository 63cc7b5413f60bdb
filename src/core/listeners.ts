/** Those who want to hear of something. */
export class Listeners<T> {
  private readonly all = new Set<{ readonly hear: (said: T) => void }>();

  get size(): number {
    return this.all.size;
  }

  /** @returns takes the listener back. */
  add(hear: (said: T) => void): () => void {
    const listener = { hear };
    this.all.add(listener);
    return () => void this.all.delete(listener);
  }

  tell(said: T): void {
    for (const { hear } of [...this.all]) hear(said);
  }
}
