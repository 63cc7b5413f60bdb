import type { Log } from '../app/config.js';
import { codeOf } from '../core/errors.js';
import { exit, toFailure } from './failure.js';
import { oneLine } from './render/plain.js';
import type { Session } from './session.js';

interface Served {
  stop(): Promise<void>;
  onBroken?(listener: (error: Error) => void): void;
}

/** Starts something and keeps it running until Ctrl-C, which stops it gracefully, or until it breaks. */
export async function serve(session: Session, start: (log: Log) => Promise<Served>, verbose = false): Promise<void> {
  const served = await start(logTo(session, verbose));
  const broken = await Promise.race([
    new Promise<undefined>((resolve) => {
      if (session.signal.aborted) resolve(undefined);
      session.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    }),
    new Promise<Error>((resolve) => served.onBroken?.(resolve)),
  ]);
  if (broken) await fail(session, broken);
  else await session.note('stopping; again to stop at once\n');
  await served.stop();
}

/** The disk refused, or what is on it is damaged: no further acknowledgement is given, and the status says which. */
async function fail(session: Session, error: Error): Promise<void> {
  const { text, status } = toFailure(error, session.doing, session.settings.debug);
  session.status = codeOf(error) === 'damaged' ? status : exit.disk;
  await session.complain(text);
}

/** What happens in the server, as lines on stderr: what is wrong always, the rest with --verbose. */
function logTo(session: Session, verbose: boolean): Log {
  return ({ level, text }) => {
    if (level === 'info' && !verbose) return;
    const line = `${new Date().toISOString()} ${level} ${oneLine(text)}\n`;
    // A log that nobody reads any longer must not end the server.
    (level === 'info' ? session.note(line) : session.complain(line)).catch(() => undefined);
  };
}
