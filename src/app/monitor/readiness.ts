import { type Clock, sleep } from '../../core/clock.js';
import { codeOf, MootError } from '../../core/errors.js';

/** How long a part may take to say that it is there. */
const probeMs = 2000;

/** Whether a program should be sent calls, and whether it should be left running. */
export class Readiness {
  private state: 'starting' | 'ready' | 'stopping' = 'starting';
  private brokenBy: string | undefined;
  private readonly probes = new Map<string, () => Promise<unknown>>();
  private looking: Promise<readonly string[]> | undefined;

  constructor(private readonly clock: Clock) {}

  /** It answers calls from now on. */
  begin(): void {
    if (this.state === 'starting') this.state = 'ready';
  }

  /** It was told to stop: calls that run are finished, and no more should be sent. */
  end(): void {
    this.state = 'stopping';
  }

  /** Nothing can be acknowledged any more. */
  break(reason: string): void {
    this.brokenBy = reason;
  }

  /** Without `part` it is of no use; `probe` fails while that is away. */
  needs(part: string, probe: () => Promise<unknown>): void {
    this.probes.set(part, probe);
  }

  /** Why it should be started anew; undefined: it should not. */
  get fault(): string | undefined {
    return this.brokenBy;
  }

  /** Why it should be sent no calls now, a line each; none: it may. */
  async obstacles(): Promise<readonly string[]> {
    if (this.brokenBy !== undefined) return [`broken: ${this.brokenBy}`];
    if (this.state !== 'ready') return [this.state];
    // Whoever asks while somebody asks hears the same.
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return await this.looking;
  }

  private async look(): Promise<readonly string[]> {
    const found = await Promise.all([...this.probes].map(([part, probe]) => this.ask(part, probe)));
    return found.filter((line) => line !== undefined);
  }

  private async ask(part: string, probe: () => Promise<unknown>): Promise<string | undefined> {
    const over = new AbortController();
    const late = sleep(this.clock, probeMs, over.signal).then(() => {
      throw new MootError('timed_out', `no answer in ${probeMs / 1000} s`);
    });
    late.catch(() => undefined);
    try {
      await Promise.race([probe(), late]);
      return undefined;
    } catch (error) {
      // A line for whoever is on call: the sentence for strangers, and of a bug no more than that it is one.
      return `${part}: ${codeOf(error) === 'internal' ? 'it failed' : (error as MootError).message}`;
    } finally {
      over.abort();
    }
  }
}
