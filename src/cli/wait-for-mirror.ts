import type { Operator, PeerInfo } from '../client/index.js';
import { sleep, systemClock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import { Progress } from './render/progress.js';
import type { Session } from './session.js';

const everyMs = 200;
/** No log comes over a link that is refused. */
const refused: ReadonlySet<string> = new Set(['waiting', 'silenced', 'denied']);

/**
 * Waits until the community keeps all that the own log of its new peer has, and shows how far that is. @returns the link as it
 * is then, or as soon as it is refused. @throws MootError `not_found` when somebody unlinks them meanwhile.
 */
export async function waitForMirror(session: Session, operator: Operator, made: PeerInfo): Promise<PeerInfo> {
  const { signal } = session;
  let progress: { readonly length: number | undefined; readonly bar: Progress } | undefined;
  try {
    for (let peer = made; ; ) {
      const { state, mirroredTo = 0, length } = peer;
      if (refused.has(state) || (length !== undefined && mirroredTo >= length)) return peer;
      if (!progress || progress.length !== length) {
        await progress?.bar.clear();
        progress = { length, bar: await Progress.open(session, length) };
      }
      progress.bar.show(mirroredTo, wordsOf(peer));
      await sleep(systemClock, everyMs, signal);
      const peers = await operator.peers({ signal });
      peer = peers.find(({ to }) => to === made.to) ?? gone(operator, made);
    }
  } finally {
    await progress?.bar.clear();
  }
}

function wordsOf({ name, state, reason, mirroredTo = 0, length }: PeerInfo): string {
  if (state === 'down') return `${name} does not answer: ${reason ?? 'it is away'}`;
  if (length === undefined) return `${name} is asked for its log`;
  return `${mirroredTo.toLocaleString('en')} of ${length.toLocaleString('en')} entries of ${name}`;
}

function gone({ name }: Operator, { name: other }: PeerInfo): never {
  throw new MootError('not_found', `${name} is not linked to ${other} any longer`);
}
