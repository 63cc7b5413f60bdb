/** So many at once, the others one after the other in the order in which they came. */
export class Turns {
  private taken = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly most: number) {}

  /** Resolves when it is one's turn, which lasts until `leave`; or, without a turn, when `signal` fires. */
  async enter(signal: AbortSignal | undefined): Promise<boolean> {
    if (signal?.aborted) return false;
    if (this.taken < this.most) {
      this.taken += 1;
      return true;
    }
    return new Promise((resolve) => {
      const go = (): void => {
        signal?.removeEventListener('abort', give);
        resolve(true);
      };
      const give = (): void => {
        this.waiting.delete(go);
        resolve(false);
      };
      this.waiting.add(go);
      signal?.addEventListener('abort', give, { once: true });
    });
  }

  /** The turn goes to the next. */
  leave(): void {
    const [next] = this.waiting;
    if (next) {
      this.waiting.delete(next);
      next();
    } else this.taken -= 1;
  }
}
