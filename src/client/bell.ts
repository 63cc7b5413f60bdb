/** Wakes whoever waits; nobody waiting, nothing happens. */
export class Bell {
  private waiting: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  ring(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
