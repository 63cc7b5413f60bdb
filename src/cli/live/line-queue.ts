/** Lines that were typed and wait to be taken, by one reader. */
export class LineQueue implements AsyncIterable<string> {
  private readonly waiting: string[] = [];
  private isOver = false;
  private failure: { readonly error: unknown } | undefined;
  private wake = (): void => undefined;

  push(line: string): void {
    this.waiting.push(line);
    this.wake();
  }

  /** What waits is still given; then the reading ends. */
  end(): void {
    this.isOver = true;
    this.wake();
  }

  /** The reading throws at once, whatever waits. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      if (this.failure) throw this.failure.error;
      const line = this.waiting.shift();
      if (line !== undefined) yield line;
      else if (this.isOver) return;
      else
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
    }
  }
}
