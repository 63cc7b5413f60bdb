import { MootError } from '../core/errors.js';
import { mebibytes } from './render/backup-told.js';
import { Progress } from './render/progress.js';
import type { Session } from './session.js';

/** Runs what copies, with a bar for whoever looks on; Ctrl-C ends it between two pieces. */
export async function copying<T>(
  session: Session,
  run: (onProgress: (done: number, all: number) => void) => Promise<T>,
): Promise<T> {
  const bar = await Progress.open(session, 100);
  try {
    return await run((done, all) => {
      if (session.signal.aborted) throw new MootError('cancelled', 'interrupted');
      bar.show(Math.floor((done / Math.max(1, all)) * 100), `${mebibytes(done)} of ${mebibytes(all)}`);
    });
  } finally {
    await bar.clear();
  }
}
