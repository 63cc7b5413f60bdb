/** Closes what was opened, the last first, so that the order of opening is the order of draining. */
export class Closing {
  private readonly steps: (() => void | Promise<void>)[] = [];
  private closed: Promise<void> | undefined;

  /** Hands `part` back, and closes it with the rest. */
  owns<Part extends { close(): void | Promise<void> }>(part: Part): Part {
    this.onClose(() => part.close());
    return part;
  }

  /** Adds a step; steps run in the reverse of the order in which they were added. */
  onClose(step: () => void | Promise<void>): void {
    this.steps.push(step);
  }

  /**
   * Runs every step once, even when one fails.
   * @throws the first failure, after all steps have run.
   */
  close(): Promise<void> {
    this.closed ??= this.run();
    return this.closed;
  }

  private async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.steps.reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Starts a part that is made of several. When it cannot be, what was opened for it is closed again. @throws what `start` throws. */
export async function allOrNothing<Part>(start: (closing: Closing) => Promise<Part>): Promise<Part> {
  const closing = new Closing();
  try {
    return await start(closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}
