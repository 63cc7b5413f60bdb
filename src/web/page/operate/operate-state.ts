import { signal } from '@preact/signals';
import type { Operated, Problem } from '../../api.js';
import { ask, problemOf } from '../../reading/ask.js';
import { announce } from '../state/announce.js';
import { pathOf } from '../state/source.js';

export type Act =
  | 'approve'
  | 'deny'
  | 'silence'
  | 'admit'
  | 'refuse'
  | 'remove'
  | 'hide'
  | 'unhide'
  | 'retract'
  | 'release'
  | 'refuseArticle';

export interface About {
  readonly id: string;
  readonly reason?: string;
  /** Nobody may join under that name again. */
  readonly ban?: boolean;
}

const askAgainMs = 10_000;

/** What an operator sees of a community, and does there. */
export class OperateState {
  readonly operated = signal<Operated | null>(null);
  readonly problem = signal<Problem | null>(null);
  /** What was last done, and whether it was. */
  readonly done = signal<{ readonly says: string; readonly problem: Problem | null } | null>(null);
  readonly isActing = signal(false);
  private readonly ending = new AbortController();
  private timer = 0;

  constructor(
    private readonly community: string,
    private readonly token: string,
  ) {}

  start(): void {
    void this.load();
    this.timer = window.setInterval(() => void this.load(), askAgainMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.ending.abort();
  }

  async load(): Promise<void> {
    try {
      const { signal } = this.ending;
      this.operated.value = await ask<Operated>(`${pathOf(this.community)}/operate`, { token: this.token, signal });
      this.problem.value = null;
    } catch (error) {
      if (!this.ending.signal.aborted) this.problem.value = problemOf(error);
    }
  }

  /** Does it, and looks again. `says` is what was done, as it is told afterwards. */
  async act(act: Act, about: About, says: string): Promise<void> {
    if (this.isActing.value) return;
    this.isActing.value = true;
    this.done.value = null;
    try {
      await ask(`${pathOf(this.community)}/operate/${act}`, { token: this.token, body: about });
      this.done.value = { says, problem: null };
      announce(says);
      await this.load();
    } catch (error) {
      this.done.value = { says, problem: problemOf(error) };
    } finally {
      this.isActing.value = false;
    }
  }
}
