import type { Asker, AskFrame, AskRequest } from '../core/asking.js';
import { codeOf, isMootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';

/** Asks as another asker does, and tells what each call showed of the peer. */
export class NotingAsker implements Asker {
  constructor(
    private readonly asker: Asker,
    private readonly note: (peer: OriginId, state: 'up' | 'down', reason: string) => void,
  ) {}

  async *ask(peer: OriginId, request: AskRequest, signal: AbortSignal): AsyncGenerator<AskFrame> {
    let isUp = false;
    try {
      for await (const frame of this.asker.ask(peer, request, signal)) {
        if (!isUp) this.note(peer, 'up', '');
        isUp = true;
        yield frame;
      }
    } catch (error) {
      if (codeOf(error) !== 'cancelled' && !signal.aborted)
        this.note(peer, 'down', isMootError(error) ? error.message : 'the call failed');
      throw error;
    }
  }
}
