/** That the disk has refused, for whoever asks, before it or after. */
export class Broken {
  private error: Error | undefined;
  private readonly listeners = new Set<(error: Error) => void>();

  by(error: Error): void {
    this.error = error;
    for (const listener of this.listeners) listener(error);
  }

  /** Calls `listener` when it happens; at once when it has happened, as it may while a server starts. */
  tell(listener: (error: Error) => void): void {
    if (this.error) listener(this.error);
    else this.listeners.add(listener);
  }
}
